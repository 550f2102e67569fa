import type { OrderStatus, SubscriptionStatus } from '../../db/generated/prisma/enums.ts';
import { FeatureNotEnabled, SeatNotAvailable } from '../../domain/errors.ts';

/** What the rules ask about a seat pool's organization. */
export interface OrganizationFacts {
  status: string;
  deletedAt: Date | null;
  seatBasedPricingEnabled: boolean;
  memberModelEnabled: boolean;
}

/** What the rules ask about a seat pool. */
export interface PoolFacts {
  id: string;
  productId: string | null;
  /** How many seats were bought; null for a pool that is not sold by the seat. */
  seats: number | null;
  /** How many of them are pending or claimed. */
  seatsUsed: number;
  status: SubscriptionStatus | OrderStatus;
  organization: OrganizationFacts;
}

/** Whether an organization sells by the seat: the feature is on and the organization was not deleted. */
export function sellsBySeat({
  seatBasedPricingEnabled,
  deletedAt,
}: Pick<OrganizationFacts, 'seatBasedPricingEnabled' | 'deletedAt'>): boolean {
  return seatBasedPricingEnabled && deletedAt === null;
}

/** Throws FeatureNotEnabled for an organization that does not sell by the seat. */
export function requireSeatFeature(
  organization: Pick<OrganizationFacts, 'seatBasedPricingEnabled' | 'deletedAt'>,
): void {
  if (!sellsBySeat(organization)) throw new FeatureNotEnabled();
}

/** Whether holders are members of the billing customer. The reference reads the flag of organizations that are not blocked. */
export function hasMemberModel({
  memberModelEnabled,
  status,
}: Pick<OrganizationFacts, 'memberModelEnabled' | 'status'>): boolean {
  return memberModelEnabled && status !== 'blocked';
}

type PoolStatus = SubscriptionStatus | OrderStatus;

/** The states in which a pool gives no seats, and why. A pool in any other state gives them. */
const NO_SEATS: Partial<Record<PoolStatus, string>> = {
  canceled: 'Subscription is canceled and takes no new seats',
  unpaid: 'Subscription is unpaid and takes no new seats',
  incomplete: 'Subscription is incomplete and takes no new seats',
  incomplete_expired: 'Subscription has expired incomplete and takes no new seats',
  draft: 'Order is a draft and takes no new seats',
  pending: 'Order must be paid before assigning seats',
  refunded: 'Order was refunded and takes no new seats',
  void: 'Order is void and takes no new seats',
};

/** Whether a pool in this state gives seats. */
export function givesSeats(status: PoolStatus): boolean {
  return NO_SEATS[status] === undefined;
}

/** The states from which a pool does not come back: its live seats are revoked. */
export const ENDED = {
  subscription: ['canceled', 'unpaid', 'incomplete_expired'],
  order: ['refunded', 'void'],
} as const satisfies { subscription: SubscriptionStatus[]; order: OrderStatus[] };

/**
 * Passes a pool that has a free seat. Throws, in this order, SeatNotAvailable for a pool without a product,
 * FeatureNotEnabled, SeatNotAvailable for one that has ended, and SeatNotAvailable for a full one.
 */
export function requireFreeSeat(pool: PoolFacts): void {
  const { id, productId, seats, seatsUsed, status, organization } = pool;
  if (productId === null) throw new SeatNotAvailable('Container has no associated product', id);
  requireSeatFeature(organization);
  const reason = NO_SEATS[status];
  if (reason !== undefined) throw new SeatNotAvailable(reason, id);
  if (seatsUsed >= (seats ?? 0)) throw new SeatNotAvailable(`No available seats for ${id}`, id);
}
