import type { Actor } from '../../auth/actor.ts';
import type { Ctx } from '../../context.ts';
import type { Prisma } from '../../db/client.ts';
import { NotPermitted, Unauthenticated } from '../../domain/errors.ts';

/** Returns the query condition for subscriptions in which the caller has claimed one seat or more. */
export function claimedBy(actor: Actor): Prisma.SubscriptionWhereInput {
  if (actor.kind === 'anonymous') throw new Unauthenticated();
  if (!('customerId' in actor)) {
    throw new NotPermitted('This needs a session of a customer or a member.');
  }
  const { organizationId } = actor;
  const holder =
    actor.kind === 'member' ? { memberId: actor.memberId } : { customerId: actor.customerId };
  return {
    organizationId,
    deletedAt: null,
    customerSeats: { some: { organizationId, status: 'claimed', ...holder } },
  };
}

const WITH_PRODUCT = {
  product: { include: { organization: true } },
} as const satisfies Prisma.SubscriptionInclude;

/** A claimed subscription with what it is for. */
export type ClaimedSubscription = Prisma.SubscriptionGetPayload<{ include: typeof WITH_PRODUCT }>;

/**
 * Returns one page of the subscriptions in which the caller, a session, has claimed a seat, the oldest first. `page` counts
 * from 1. Throws Unauthenticated.
 */
export async function claimedSubscriptions(
  ctx: Ctx,
  { page, limit }: { page: number; limit: number },
): Promise<{ items: ClaimedSubscription[]; totalCount: number }> {
  const where = claimedBy(ctx.actor);
  const totalCount = await ctx.db.subscription.count({ where });
  const items = await ctx.db.subscription.findMany({
    where,
    include: WITH_PRODUCT,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    skip: (page - 1) * limit,
    take: limit,
  });
  return { items, totalCount };
}
