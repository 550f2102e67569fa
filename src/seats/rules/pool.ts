import type { OrderStatus, SubscriptionStatus } from '../../db/generated/prisma/enums.ts';
import {
  FeatureNotEnabled,
  SeatNotAvailable,
  type UnavailableReason,
} from '../../domain/errors.ts';

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
  /** How many of those seats are pending or claimed. */
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

/**
 * Whether holders are members of the billing customer. The reference reads the flag only for organizations that are not
 * blocked.
 */
export function hasMemberModel({
  memberModelEnabled,
  status,
}: Pick<OrganizationFacts, 'memberModelEnabled' | 'status'>): boolean {
  return memberModelEnabled && status !== 'blocked';
}

type PoolStatus = SubscriptionStatus | OrderStatus;

/** Why a pool in one of these statuses has no seat to give. In any other status, it gives seats. */
const NO_SEATS: Partial<Record<PoolStatus, { reason: 'not_paid' | 'ended'; message: string }>> = {
  canceled: { reason: 'ended', message: 'Subscription is canceled and takes no new seats' },
  unpaid: { reason: 'ended', message: 'Subscription is unpaid and takes no new seats' },
  incomplete: { reason: 'not_paid', message: 'Subscription is incomplete and takes no new seats' },
  incomplete_expired: {
    reason: 'ended',
    message: 'Subscription has expired incomplete and takes no new seats',
  },
  draft: { reason: 'not_paid', message: 'Order is a draft and takes no new seats' },
  pending: { reason: 'not_paid', message: 'Order must be paid before assigning seats' },
  refunded: { reason: 'ended', message: 'Order was refunded and takes no new seats' },
  void: { reason: 'ended', message: 'Order is void and takes no new seats' },
};

/** Whether a pool in this state gives seats. */
export function givesSeats(status: PoolStatus): boolean {
  return NO_SEATS[status] === undefined;
}

/** The statuses from which a pool does not recover: its live seats are revoked. */
export const ENDED = {
  subscription: ['canceled', 'unpaid', 'incomplete_expired'],
  order: ['refunded', 'void'],
} as const satisfies { subscription: SubscriptionStatus[]; order: OrderStatus[] };

/**
 * Accepts a pool that has a free seat. Throws, in this order, SeatNotAvailable for a pool without a product,
 * FeatureNotEnabled, SeatNotAvailable for one that has ended or is not paid, and SeatNotAvailable for a full one.
 */
export function requireFreeSeat(pool: PoolFacts): void {
  const refusal = refusalOf(pool);
  if (refusal !== undefined) throw refusal;
}

/**
 * Accepts a pool whose live seats can change hands, even a full one. Throws what `requireFreeSeat` throws for any other
 * reason.
 */
export function requireOpenPool(pool: PoolFacts): void {
  const refusal = refusalOf(pool);
  const isFull = refusal instanceof SeatNotAvailable && refusal.reason === 'full';
  if (refusal !== undefined && !isFull) throw refusal;
}

/** Returns whether a pool has a seat to assign now, and if not, why. */
export function availabilityOf(pool: PoolFacts): 'available' | UnavailableReason {
  const refusal = refusalOf(pool);
  if (refusal === undefined) return 'available';
  return refusal instanceof SeatNotAvailable ? refusal.reason : 'not_sold_by_seat';
}

function refusalOf(pool: PoolFacts): SeatNotAvailable | FeatureNotEnabled | undefined {
  const { id, productId, seats, seatsUsed, status, organization } = pool;
  if (productId === null) {
    return new SeatNotAvailable('Container has no associated product', id, 'not_sold_by_seat');
  }
  if (!sellsBySeat(organization)) return new FeatureNotEnabled();
  const closed = NO_SEATS[status];
  if (closed !== undefined) return new SeatNotAvailable(closed.message, id, closed.reason);
  const message = `No available seats for ${id}`;
  if (seats === null) return new SeatNotAvailable(message, id, 'not_sold_by_seat');
  return seatsUsed < seats ? undefined : new SeatNotAvailable(message, id, 'full');
}
