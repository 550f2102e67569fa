import type { Db, Prisma } from '../../db/client.ts';
import { OrderStatus, SubscriptionStatus } from '../../db/generated/prisma/enums.ts';
import type { UnavailableReason } from '../../domain/errors.ts';
import { availabilityOf, type PoolFacts } from '../rules/pool.ts';

type Availability = 'available' | UnavailableReason;

const SELLING = { seatBasedPricingEnabled: true, deletedAt: null };

/** Every combination of the facts that decide a pool's availability, besides its status. */
const CASES = [true, false].flatMap(hasProduct =>
  [true, false].flatMap(isSelling =>
    [
      { seats: null, seatsUsed: 0 },
      { seats: 1, seatsUsed: 0 },
      { seats: 1, seatsUsed: 1 },
    ].map(counts => ({ hasProduct, isSelling, ...counts })),
  ),
);
type Case = (typeof CASES)[number];

/**
 * Returns the condition for subscriptions with these availabilities: the cases for which `availabilityOf` returns one of
 * them.
 */
export function subscriptionsWith(
  db: Db,
  wanted: readonly Availability[],
): Prisma.SubscriptionWhereInput {
  const { seatsUsed } = db.subscription.fields;
  const cases = CASES.filter(({ hasProduct }) => hasProduct);
  return {
    OR: casesWith(wanted, Object.values(SubscriptionStatus), cases).map(
      ({ statuses, ...each }) => ({
        status: { in: statuses },
        organization: each.isSelling ? SELLING : { NOT: SELLING },
        seats: each.seats === null ? null : { [isFree(each) ? 'gt' : 'lte']: seatsUsed },
      }),
    ),
  };
}

/** The same for orders. */
export function ordersWith(db: Db, wanted: readonly Availability[]): Prisma.OrderWhereInput {
  const { seatsUsed } = db.order.fields;
  return {
    OR: casesWith(wanted, Object.values(OrderStatus), CASES).map(({ statuses, ...each }) => ({
      status: { in: statuses },
      productId: each.hasProduct ? { not: null } : null,
      organization: each.isSelling ? SELLING : { NOT: SELLING },
      seats: each.seats === null ? null : { [isFree(each) ? 'gt' : 'lte']: seatsUsed },
    })),
  };
}

const isFree = ({ seats, seatsUsed }: Case) => seats !== null && seatsUsed < seats;

/** Returns the cases that have one of the availabilities, each with the statuses in which it does. */
function casesWith<Status extends PoolFacts['status']>(
  wanted: readonly Availability[],
  statuses: readonly Status[],
  cases: readonly Case[],
): (Case & { statuses: Status[] })[] {
  return cases.flatMap(each => {
    const { hasProduct, isSelling, seats, seatsUsed } = each;
    const organization = {
      status: 'active',
      deletedAt: null,
      memberModelEnabled: true,
      seatBasedPricingEnabled: isSelling,
    };
    const pool = { id: '', productId: hasProduct ? '' : null, seats, seatsUsed, organization };
    const matching = statuses.filter(status =>
      wanted.includes(availabilityOf({ ...pool, status })),
    );
    return matching.length > 0 ? [{ ...each, statuses: matching }] : [];
  });
}
