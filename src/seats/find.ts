import type { Prisma, Tx } from '../db/client.ts';
import { type KnownActor, seatsOf } from './access.ts';
import { ResourceNotFound } from './errors.ts';
import { type Invitee, inviteeOf } from './invitee.ts';
import { lockPool, ORGANIZATION, type SeatSource, toSource } from './source.ts';
import { type SeatView, WITH_HOLDER } from './view.ts';

/** A seat and the pool that it is from. */
export interface FoundSeat {
  seat: SeatView;
  source: SeatSource;
}

const WITH_SOURCE = {
  ...WITH_HOLDER,
  subscription: { include: ORGANIZATION },
  order: { include: ORGANIZATION },
} as const satisfies Prisma.CustomerSeatInclude;

/** The seat that `where` selects, with its pool; undefined where there is none. */
async function findSeat(
  tx: Tx,
  where: Prisma.CustomerSeatWhereInput,
): Promise<FoundSeat | undefined> {
  const found = await tx.customerSeat.findFirst({ where, include: WITH_SOURCE });
  if (found === null) return undefined;
  const { subscription, order, ...seat } = found;
  if (subscription) return { seat, source: toSource('subscription', subscription) };
  if (order) return { seat, source: toSource('order', order) };
  throw new Error('A seat without a pool, which its CHECK forbids.');
}

const WITH_INVITEE = {
  member: true,
  customer: { select: { email: true, deletedAt: true } },
  subscription: { include: { ...ORGANIZATION, customer: { select: { deletedAt: true } } } },
  order: { include: { ...ORGANIZATION, customer: { select: { deletedAt: true } } } },
} as const satisfies Prisma.CustomerSeatInclude;

/** `findSeat`, with whom the seat is for; that is undefined where nobody can claim it. */
export async function findInvited(
  tx: Tx,
  where: Prisma.CustomerSeatWhereInput,
): Promise<(FoundSeat & { invitee: Invitee | undefined }) | undefined> {
  const found = await tx.customerSeat.findFirst({ where, include: WITH_INVITEE });
  const pool = found?.subscription ?? found?.order;
  if (!found || !pool) return undefined;
  const { subscription, order, ...seat } = found;
  const { customer, organization } = pool;
  return {
    seat,
    source: subscription ? toSource('subscription', subscription) : toSource('order', pool),
    invitee: inviteeOf({
      seat,
      customer: seat.customer,
      pool,
      billingCustomer: customer,
      organization,
    }),
  };
}

/** A seat that was looked up under the tenant rule. Throws ResourceNotFound where there was none. */
export function requireFound<Found extends FoundSeat>(
  found: Found | undefined,
  actor: KnownActor,
): Found {
  // The reference finds an admin's seat by way of its product.
  if (!found || (found.source.productId === null && !('customerId' in actor))) {
    throw new ResourceNotFound('Seat not found');
  }
  return found;
}

/**
 * The seat with this id under the tenant rule, as it stays to the end of the transaction: its pool is locked, its member,
 * and then itself. Throws ResourceNotFound for one that does not exist or is another's, alike.
 */
export async function lockSeat(tx: Tx, actor: KnownActor, seatId: string): Promise<FoundSeat> {
  const where = { ...seatsOf(actor), id: seatId };
  const found = requireFound(await findSeat(tx, where), actor);
  await lockPool(tx, found.source);
  await tx.$queryRaw`
    SELECT 1 FROM members
     WHERE organization_id = ${found.seat.organizationId}::uuid AND id = ${found.seat.memberId}::uuid
       FOR NO KEY UPDATE`;
  await tx.$queryRaw`
    SELECT 1 FROM customer_seats
     WHERE organization_id = ${found.seat.organizationId}::uuid AND id = ${seatId}::uuid
       FOR NO KEY UPDATE`;
  const locked = await findSeat(tx, where);
  if (!locked || locked.source.id !== found.source.id) throw new ResourceNotFound('Seat not found');
  return locked;
}
