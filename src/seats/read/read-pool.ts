import { fieldsOf } from '../../db/fields.ts';
import type { Order, Subscription } from '../../db/generated/prisma/client.ts';
import type { Sql } from '../../db/sql.ts';
import type { SeatSource } from '../source.ts';

interface Rows {
  subscription: Subscription;
  order: Order;
}

/** How many of a pool's seats are pending and claimed. */
export interface PoolCounts {
  pendingSeats: number;
  claimedSeats: number;
}

/** A subscription or an order, by its kind. */
export type PoolRow<Kind extends keyof Rows> = Rows[Kind] & Partial<PoolCounts>;

/** The kinds of seat pools. */
export type PoolKind = SeatSource['kind'];

/** The table of each kind of pool. */
export const TABLE = { subscription: 'subscriptions', order: 'orders' } as const;

const COLUMNS = `
  p.organization_id AS "organizationId", p.id, p.created_at AS "createdAt", p.modified_at AS "modifiedAt",
  p.deleted_at AS "deletedAt", p.product_id AS "productId", p.customer_id AS "customerId",
  p.checkout_id AS "checkoutId", p.external_id AS "externalId", p.status, p.seats, p.seats_used AS "seatsUsed", p.seats_revoked AS "seatsRevoked"`;

/** Counts the seats of a pool `p` that are pending, as `n`; its other seats in use are claimed. */
export const countPending = (kind: PoolKind) => `
  SELECT count(*)::integer AS n FROM customer_seats s
   WHERE s.organization_id = p.organization_id AND s.${kind}_id = p.id AND s.status = 'pending'`;

/** A pool by its key, with or without its counts. */
export interface PoolRequest {
  organizationId: string;
  id: string;
  withCounts: boolean;
}

/**
 * Reads live pools by their keys, unscoped, all with their counts or all without, in one statement. Undefined for a missing
 * one.
 */
export async function readPools<Kind extends PoolKind>(
  sql: Sql,
  kind: Kind,
  requests: readonly PoolRequest[],
): Promise<(PoolRow<Kind> | undefined)[]> {
  const withCounts = requests[0]?.withCounts ?? false;
  const wanted = new Map(requests.map(request => [nameOf(request), request]));
  const counts = ', waiting.n AS "pendingSeats", p.seats_used - waiting.n AS "claimedSeats"';
  const rows = await sql.rows<PoolRow<Kind>>(
    {
      name: `${kind}s_by_key${withCounts ? '_with_counts' : ''}`,
      text: `
        SELECT ${COLUMNS}${withCounts ? counts : ''}
          FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (organization_id, id, n)
          JOIN ${TABLE[kind]} p ON p.organization_id = wanted.organization_id AND p.id = wanted.id
          ${withCounts ? `CROSS JOIN LATERAL (${countPending(kind)}) AS waiting` : ''}
         WHERE p.deleted_at IS NULL AND wanted.n BETWEEN 1 AND 1000`,
    },
    [
      [...wanted.values()].map(({ organizationId }) => organizationId),
      [...wanted.values()].map(({ id }) => id),
    ],
  );
  const byName = new Map(rows.map(row => [nameOf(row), row]));
  return requests.map(request => byName.get(nameOf(request)));
}

/** Returns a key as a text to look it up by. */
export const nameOf = ({ organizationId, id }: { organizationId: string; id: string }) =>
  organizationId + id;

const POOL = fieldsOf<Omit<SeatSource, 'kind' | 'organization'>>(
  'id',
  'organizationId',
  'customerId',
  'productId',
  'seats',
);

const ORGANIZATION = fieldsOf<SeatSource['organization']>(
  'status',
  'deletedAt',
  'seatBasedPricingEnabled',
  'memberModelEnabled',
  'sendsInvitations',
);

/** Reads live pools by their keys, unscoped, with one statement; each with what a list of its seats needs. */
export async function readSources(
  sql: Sql,
  kind: PoolKind,
  keys: readonly { organizationId: string; id: string }[],
): Promise<(SeatSource | undefined)[]> {
  const wanted = new Map(keys.map(key => [nameOf(key), key]));
  const rows = await sql.rows<Record<string, unknown>>(
    {
      name: `sources_${kind}`,
      text: `
        SELECT ${POOL.select('p', 'pool')}, ${ORGANIZATION.select('o', 'organization')}
          FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (organization_id, id, n)
          JOIN ${TABLE[kind]} p ON p.organization_id = wanted.organization_id AND p.id = wanted.id
          JOIN organizations o ON o.id = p.organization_id
         WHERE p.deleted_at IS NULL AND wanted.n BETWEEN 1 AND 1000`,
    },
    [
      [...wanted.values()].map(({ organizationId }) => organizationId),
      [...wanted.values()].map(({ id }) => id),
    ],
  );
  const byName = new Map<string, SeatSource>();
  for (const row of rows) {
    const pool = POOL.read(row, 'pool');
    const organization = ORGANIZATION.read(row, 'organization');
    if (pool && organization) byName.set(nameOf(pool), { kind, ...pool, organization });
  }
  return keys.map(key => byName.get(nameOf(key)));
}

/** Returns the facts about the organizations of pools that decide on their seats, unscoped, with one statement. */
export async function readOrganizations(
  sql: Sql,
  ids: readonly string[],
): Promise<SeatSource['organization'][]> {
  const rows = await sql.rows<Record<string, unknown>>(
    {
      name: 'organizations_by_id',
      text: `
        SELECT o.id, ${ORGANIZATION.select('o', 'organization')}
          FROM unnest($1::uuid[]) AS wanted (id) JOIN organizations o ON o.id = wanted.id`,
    },
    [[...new Set(ids)]],
  );
  const byId = new Map(rows.map(row => [row.id, ORGANIZATION.read(row, 'organization')]));
  return ids.map(id => {
    const found = byId.get(id);
    if (!found) throw new Error(`The organization ${id} of a pool is gone.`);
    return found;
  });
}
