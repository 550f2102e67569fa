import { Prisma, type Tx } from '../db/client.ts';
import type { OrderStatus, SubscriptionStatus } from '../db/generated/prisma/enums.ts';
import { ResourceNotFound } from '../domain/errors.ts';
import type { OrganizationFacts } from './rules/pool.ts';

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
  organization: OrganizationFacts & { sendsInvitations: boolean };
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
