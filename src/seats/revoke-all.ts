import type { Tx } from '../db/client.ts';
import { revokeLocked } from './revoke.ts';
import { lockPool, type SeatSource, seatsIn, seatsInSql } from './source.ts';
import { WITH_HOLDER } from './view.ts';

/** Revokes every live seat of a pool that has ended, one by one with an event each, and returns how many there were. */
export async function revokeAllSeats(tx: Tx, source: SeatSource, now: Date): Promise<number> {
  await lockPool(tx, source);
  // A claim waits for no pool, and would change a seat between reading and revoking it.
  await tx.$queryRaw`
    SELECT 1 FROM customer_seats
     WHERE ${seatsInSql(source)}
       AND status <> 'revoked'
       FOR NO KEY UPDATE`;
  const live = await tx.customerSeat.findMany({
    where: { ...seatsIn(source), status: { not: 'revoked' } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: WITH_HOLDER,
  });
  for (const seat of live) await revokeLocked(tx, seat, now);
  return live.length;
}
