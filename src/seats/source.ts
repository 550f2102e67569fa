import { Prisma, type Tx } from '../db/client.ts';
import type { OrderStatus, SubscriptionStatus } from '../db/generated/prisma/enums.ts';
import { type KnownActor, ownedBy } from './access.ts';
import { FeatureNotEnabled, ResourceNotFound, SeatNotAvailable } from './errors.ts';
import type { SeatSourceInput } from './inputs.ts';

/** Which pool of seats is meant: a subscription or an order, told apart by `kind` alone. */
export interface SeatPool {
  kind: 'subscription' | 'order';
  id: string;
  organizationId: string;
}

/** A pool of seats, with what it takes to give one of them. */
export interface SeatSource extends SeatPool {
  /** The customer who pays. */
  customerId: string;
  productId: string | null;
  /** How many seats were bought; null where it is not sold by the seat. */
  seats: number | null;
  organization: {
    seatBasedPricingEnabled: boolean;
    memberModelEnabled: boolean;
    sendsInvitations: boolean;
  };
}

/** What is read with a pool's row. */
export const ORGANIZATION = {
  organization: {
    select: {
      seatBasedPricingEnabled: true,
      memberModelEnabled: true,
      sendsInvitations: true,
      status: true,
      deletedAt: true,
    },
  },
} as const;

/**
 * The pool that the caller named, under the tenant rule.
 * Throws ResourceNotFound for one that does not exist or is another's, alike.
 */
export async function findSource(
  tx: Tx,
  actor: KnownActor,
  input: SeatSourceInput,
): Promise<SeatSource> {
  const live = { ...ownedBy(actor), deletedAt: null };
  switch (input.kind) {
    case 'subscription':
      return (
        (await findSubscription(tx, { ...live, id: input.id })) ?? sourceNotFound(actor, input)
      );
    case 'order':
      return (await findOrder(tx, { ...live, id: input.id })) ?? sourceNotFound(actor, input);
    case 'checkout':
      return (
        (await findSubscription(tx, { ...live, checkoutId: input.id })) ??
        (await findOrder(tx, { ...live, checkoutId: input.id })) ??
        sourceNotFound(actor, input)
      );
  }
}

/** Says that there is no pool as the caller named it. */
export function sourceNotFound(actor: KnownActor, { kind }: SeatSourceInput): never {
  if (kind !== 'checkout') return notFound(NOT_FOUND[kind]);
  return notFound(
    'customerId' in actor
      ? 'No subscription or order found for this checkout'
      : 'Checkout not found',
  );
}

const EARLIEST_FIRST = [{ createdAt: 'asc' }, { id: 'asc' }] as const;

async function findSubscription(
  tx: Tx,
  where: Prisma.SubscriptionWhereInput,
): Promise<SeatSource | undefined> {
  const found = await tx.subscription.findFirst({
    where,
    include: ORGANIZATION,
    orderBy: [...EARLIEST_FIRST],
  });
  return found === null ? undefined : toSource('subscription', found);
}

async function findOrder(tx: Tx, where: Prisma.OrderWhereInput): Promise<SeatSource | undefined> {
  const found = await tx.order.findFirst({
    where,
    include: ORGANIZATION,
    orderBy: [...EARLIEST_FIRST],
  });
  return found === null ? undefined : toSource('order', found);
}

/** What ResourceNotFound says of a pool. */
export const NOT_FOUND = {
  subscription: 'Subscription not found',
  order: 'Order not found',
} as const;

/** Says that there is no such pool. */
export function notFound(message: string): never {
  throw new ResourceNotFound(message);
}

/** A pool's row as a SeatSource. */
export function toSource(kind: SeatSource['kind'], row: SourceRow): SeatSource {
  const { id, organizationId, customerId, productId, seats, organization } = row;
  return {
    kind,
    id,
    organizationId,
    customerId,
    productId,
    seats,
    organization: {
      seatBasedPricingEnabled:
        organization.seatBasedPricingEnabled && organization.deletedAt === null,
      // The reference looks the flag up among organizations that are not blocked.
      memberModelEnabled: organization.memberModelEnabled && organization.status !== 'blocked',
      sendsInvitations: organization.sendsInvitations,
    },
  };
}

type SourceRow =
  | Prisma.SubscriptionGetPayload<{ include: typeof ORGANIZATION }>
  | Prisma.OrderGetPayload<{ include: typeof ORGANIZATION }>;

/** The rows of a pool's seats. */
export function seatsIn(
  source: SeatPool,
): { organizationId: string } & ({ subscriptionId: string } | { orderId: string }) {
  const { organizationId, id } = source;
  return source.kind === 'subscription'
    ? { organizationId, subscriptionId: id }
    : { organizationId, orderId: id };
}

const COLUMN = {
  subscription: Prisma.raw('subscription_id'),
  order: Prisma.raw('order_id'),
} as const;

/** `seatsIn` for SQL by hand. */
export function seatsInSql({ kind, organizationId, id }: SeatPool): Prisma.Sql {
  return Prisma.sql`organization_id = ${organizationId}::uuid AND ${COLUMN[kind]} = ${id}::uuid`;
}

/** Throws FeatureNotEnabled where the organization does not sell by the seat. */
export function requireSeatFeature(organization: SeatSource['organization']): void {
  if (!organization.seatBasedPricingEnabled) throw new FeatureNotEnabled();
}

/** Throws SeatNotAvailable for a pool of nothing that is sold, and FeatureNotEnabled as `requireSeatFeature` does. */
export function requireSoldBySeat({ id, productId, organization }: SeatSource): void {
  if (productId === null) throw new SeatNotAvailable('Container has no associated product', id);
  requireSeatFeature(organization);
}

/** Locks the pool's row to the end of the transaction. Whoever locks a seat besides locks its pool first. */
export async function lockPool(tx: Tx, source: SeatPool): Promise<Pool | undefined> {
  const [pool] = await tx.$queryRaw<Pool[]>`
    SELECT seats, seats_used AS used, status::text
      FROM ${TABLE[source.kind]}
     WHERE organization_id = ${source.organizationId}::uuid AND id = ${source.id}::uuid
       FOR NO KEY UPDATE`;
  return pool;
}

const TABLE = { subscription: Prisma.raw('subscriptions'), order: Prisma.raw('orders') } as const;

interface Pool {
  seats: number | null;
  used: number;
  status: SubscriptionStatus | OrderStatus;
}

/** Why a pool in this state gives no seat. A state that is not here gives them. */
const ENDED: Partial<Record<SubscriptionStatus | OrderStatus, string>> = {
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
export function givesSeats(status: SubscriptionStatus | OrderStatus): boolean {
  return ENDED[status] === undefined;
}

/** Throws SeatNotAvailable for a pool that has ended or is full. */
export function requirePlace({ id }: SeatSource, pool: Pool | undefined): void {
  const ended = pool && ENDED[pool.status];
  if (ended !== undefined) throw new SeatNotAvailable(ended, id);
  if (pool === undefined || pool.used >= (pool.seats ?? 0)) {
    throw new SeatNotAvailable(`No available seats for ${id}`, id);
  }
}
