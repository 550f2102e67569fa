import type { Sql, Statement } from '../../db/sql.ts';
import { type PoolKind, TABLE } from './read-pool.ts';

/** Seat pools to count together: one pool, all pools of a customer, or all of an organization. */
export interface UsageScope {
  of: 'subscription' | 'order' | 'customer' | 'organization';
  organizationId: string;
  id: string;
}

/** How the seats of pools are used. */
export interface SeatUsage {
  /** The id of the pool, customer or organization. */
  id: string;
  /** The number of seats that were bought. */
  total: number;
  /** The number of seats that are free. */
  available: number;
  /** The number of seats that are assigned and not claimed. */
  pending: number;
  /** The number of pending seats whose invitation has expired. */
  expiredInvitations: number;
  claimed: number;
  /** The number of live seats beyond those that were bought. */
  overage: number;
}

/** The sum of a column, capped at the largest number that GraphQL has. */
const clamped = (column: string) => `least(coalesce(sum(${column}), 0), 2147483647)::integer`;

// Imported or shrunk pools can have more live seats than were bought.
const COUNTS = `
  ${clamped('coalesce(p.seats, 0)')} AS total,
  ${clamped('greatest(coalesce(p.seats, 0) - p.seats_used, 0)')} AS available,
  ${clamped('greatest(p.seats_used - coalesce(p.seats, 0), 0)')} AS overage,
  ${clamped('p.seats_used')} AS used`;

const PENDING = `
  count(*)::integer AS pending, count(*) FILTER (WHERE s.invitation_token_expires_at < $3::timestamptz)::integer AS expired
  FROM customer_seats s
 WHERE s.organization_id = wanted.organization_id AND s.status = 'pending'`;

const pendingIn = (kind: PoolKind) => `
  SELECT ${PENDING} AND s.${kind}_id = p.id`;

const poolsOf = (kind: PoolKind, condition: string) => `
  SELECT p.seats, p.seats_used, waiting.pending, waiting.expired
    FROM ${TABLE[kind]} p CROSS JOIN LATERAL (${pendingIn(kind)}) AS waiting
   WHERE p.organization_id = wanted.organization_id AND p.deleted_at IS NULL AND ${condition}`;

const WAITING = `
  coalesce(sum(p.pending), 0)::integer AS pending, coalesce(sum(p.expired), 0)::integer AS expired`;

const eachOf = (name: string, pools: string): Statement => ({
  name,
  text: `
    SELECT wanted.n::integer, usage.*
      FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (organization_id, id, n)
     CROSS JOIN LATERAL (SELECT ${COUNTS}, ${WAITING} FROM (${pools}) AS p) AS usage
     WHERE wanted.n BETWEEN 1 AND 1000`,
});

const STATEMENTS: Record<UsageScope['of'], Statement> = {
  subscription: eachOf('usage_of_subscriptions', poolsOf('subscription', 'p.id = wanted.id')),
  order: eachOf('usage_of_orders', poolsOf('order', 'p.id = wanted.id')),
  customer: eachOf(
    'usage_of_customers',
    `${poolsOf('subscription', 'p.customer_id = wanted.id')}
     UNION ALL ${poolsOf('order', 'p.customer_id = wanted.id')}`,
  ),
  // An organization may have many pools, so its pending seats are counted together, not pool by pool.
  organization: {
    name: 'usage_of_organizations',
    text: `
      SELECT wanted.n::integer, usage.*, waiting.*
        FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (organization_id, id, n)
       CROSS JOIN LATERAL (
         SELECT ${COUNTS} FROM (
           SELECT seats, seats_used FROM subscriptions
            WHERE organization_id = wanted.organization_id AND deleted_at IS NULL
           UNION ALL
           SELECT seats, seats_used FROM orders
            WHERE organization_id = wanted.organization_id AND deleted_at IS NULL) AS p) AS usage
       CROSS JOIN LATERAL (SELECT ${PENDING}) AS waiting
       WHERE wanted.n BETWEEN 1 AND 1000`,
  },
};

/** Returns the usage of scopes of one kind, unscoped, with one statement. */
export async function readUsages(
  sql: Sql,
  scopes: readonly UsageScope[],
  now: Date,
): Promise<SeatUsage[]> {
  const [first] = scopes;
  if (first === undefined) return [];
  const rows = await sql.rows<UsageRow>(STATEMENTS[first.of], [
    scopes.map(({ organizationId }) => organizationId),
    scopes.map(({ id }) => id),
    now,
  ]);
  const byScope = new Map(rows.map(({ n, ...row }) => [n, row]));
  return scopes.map(({ id }, i) => toUsage(id, byScope.get(i + 1)));
}

interface UsageRow {
  n: number;
  total: number;
  available: number;
  overage: number;
  used: number;
  pending: number;
  expired: number;
}

const NOTHING = { total: 0, available: 0, overage: 0, used: 0, pending: 0, expired: 0 };

function toUsage(id: string, row: Omit<UsageRow, 'n'> = NOTHING): SeatUsage {
  const { used, expired, ...counts } = row;
  return { id, ...counts, expiredInvitations: expired, claimed: used - row.pending };
}
