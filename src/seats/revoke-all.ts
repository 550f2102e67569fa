import type { RecordedActor } from '../auth/recorded-actor.ts';
import type { Tx } from '../db/client.ts';
import { revokeLocked } from './revoke.ts';
import { lockPool, type SeatPool, seatsIn, seatsInSql } from './source.ts';
import { WITH_HOLDER } from './view.ts';

/** How many seats are read and revoked at a time. */
const BATCH = 1000;

/**
 * Revokes every live seat of an ended pool, in order of creation and with one event each, and returns the ids. Skips seats
 * for which `staysLive` returns true.
 */
export async function revokeAllSeats(
  tx: Tx,
  pool: SeatPool,
  by: RecordedActor,
  now: Date,
  staysLive: (seatId: string) => boolean = () => false,
): Promise<string[]> {
  await lockPool(tx, pool);
  // A claim does not lock the pool, so it could change a seat between the read and the revocation.
  const live = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM customer_seats
     WHERE ${seatsInSql(pool)}
       AND status <> 'revoked'
     ORDER BY created_at, id
       FOR NO KEY UPDATE`;
  const ids = live.map(({ id }) => id).filter(id => !staysLive(id));
  for (let start = 0; start < ids.length; start += BATCH) {
    const seats = await tx.customerSeat.findMany({
      where: { ...seatsIn(pool), id: { in: ids.slice(start, start + BATCH) } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      include: WITH_HOLDER,
    });
    await revokeLocked(tx, seats, by, now);
  }
  return ids;
}
