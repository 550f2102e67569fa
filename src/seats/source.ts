import { Prisma, type Tx } from '../db/client.ts';
import type { CustomerSeat } from '../db/generated/prisma/client.ts';
import type { OrderStatus, SubscriptionStatus } from '../db/generated/prisma/enums.ts';
import { ResourceNotFound } from '../domain/errors.ts';
import type { OrganizationFacts } from './rules/pool.ts';

/** A seat pool: a subscription or an order. */
export interface SeatPool {
  kind: 'subscription' | 'order';
  id: string;
  organizationId: string;
}

/** Returns the pool of a seat. A CHECK constraint rules out a seat without one. */
export function poolOfSeat(
  seat: Pick<CustomerSeat, 'organizationId' | 'subscriptionId' | 'orderId'>,
): SeatPool {
  const { organizationId, subscriptionId, orderId } = seat;
  if (subscriptionId !== null) return { kind: 'subscription', organizationId, id: subscriptionId };
  if (orderId !== null) return { kind: 'order', organizationId, id: orderId };
  throw new Error('A seat has no pool, although its CHECK forbids that.');
}

/** A seat pool with the facts that decide on its seats. */
export interface SeatSource extends SeatPool {
  /** The billing customer. */
  customerId: string;
  productId: string | null;
  /** The number of seats that were bought; null for a pool that is not sold by the seat. */
  seats: number | null;
  organization: OrganizationFacts & { sendsInvitations: boolean };
}

/** The message of ResourceNotFound for a pool. */
export const NOT_FOUND = {
  subscription: 'Subscription not found',
  order: 'Order not found',
} as const;

export function notFound(message: string): never {
  throw new ResourceNotFound(message);
}

/** Selects the seats of a pool. */
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

/** `seatsIn` for raw SQL. */
export function seatsInSql({ kind, organizationId, id }: SeatPool): Prisma.Sql {
  return Prisma.sql`organization_id = ${organizationId}::uuid AND ${COLUMN[kind]} = ${id}::uuid`;
}

/** Locks the pool's row until the transaction ends. Pools are locked before members, and members before seats. */
export async function lockPool(tx: Tx, source: SeatPool): Promise<Pool | undefined> {
  const [pool] = await tx.$queryRaw<Pool[]>`
    SELECT seats, seats_used AS used, status::text
      FROM ${TABLE[source.kind]}
     WHERE organization_id = ${source.organizationId}::uuid AND id = ${source.id}::uuid
       FOR NO KEY UPDATE`;
  return pool;
}

/** Locks the pools of seats in the order that every verb uses: subscriptions before orders, each by id. */
export async function lockPoolsOf(
  tx: Tx,
  seats: readonly Parameters<typeof poolOfSeat>[0][],
): Promise<void> {
  const pools = new Map(seats.map(poolOfSeat).map(pool => [pool.id, pool]));
  for (const pool of [...pools.values()].toSorted(byLockOrder)) await lockPool(tx, pool);
}

function byLockOrder(one: SeatPool, other: SeatPool): number {
  if (one.kind !== other.kind) return one.kind === 'subscription' ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

const TABLE = { subscription: Prisma.raw('subscriptions'), order: Prisma.raw('orders') } as const;

interface Pool {
  seats: number | null;
  used: number;
  status: SubscriptionStatus | OrderStatus;
}
