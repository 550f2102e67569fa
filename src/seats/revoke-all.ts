import type { RecordedActor } from '../auth/recorded-actor.ts';
import type { Tx } from '../db/client.ts';
import { revokeLocked } from './revoke.ts';
import { lockPool, type SeatPool, seatsIn, seatsInSql } from './source.ts';
import { WITH_HOLDER } from './view.ts';

/** How many seats are read and revoked at a time. */
const BATCH = 1000;

/**
 * Revokes every live seat of a pool that has ended, in the order of their creation and with an event each, and returns
 * their ids. Seats of which `staysLive` says so are left out.
 */
export async function revokeAllSeats(
  tx: Tx,
  pool: SeatPool,
  by: RecordedActor,
  now: Date,
  staysLive: (seatId: string) => boolean = () => false,
): Promise<string[]> {
  await lockPool(tx, pool);
  // A claim waits for no pool, and would change a seat between reading and revoking it.
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
