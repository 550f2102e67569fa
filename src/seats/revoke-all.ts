import { Prisma, type Tx } from '../db/client.ts';
import { revokeLocked } from './revoke.ts';
import { lockPool, type SeatSource, seatsIn } from './source.ts';
import { WITH_HOLDER } from './view.ts';

/** Revokes every live seat of a pool that has ended, one by one with an event each, and returns how many there were. */
export async function revokeAllSeats(tx: Tx, source: SeatSource, now: Date): Promise<number> {
  await lockPool(tx, source);
  // A claim waits for no pool, and would change a seat between reading and revoking it.
  const pool = source.kind === 'subscription' ? Prisma.sql`subscription_id` : Prisma.sql`order_id`;
  await tx.$queryRaw`
    SELECT 1 FROM customer_seats
     WHERE organization_id = ${source.organizationId}::uuid AND ${pool} = ${source.id}::uuid
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
