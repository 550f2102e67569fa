import type { SeatStatus } from '../../db/generated/prisma/enums.ts';
import { Parameters } from '../../db/parameters.ts';
import type { Sql } from '../../db/sql.ts';
import type { SeatView } from '../view.ts';
import { type PoolKind, TABLE } from './read-pool.ts';
import { conditionsOf, holderConditionOf, type SeatFilter } from './seat-filter.ts';
import { ORDER_FIELDS, orderOf, type SeatOrder, type SeatPart, segmentsOf } from './seat-order.ts';
import { projectionOf, type SeatSelection } from './seat-projection.ts';

/** Whose seats: those of a pool, of a member, of all of a customer's pools, or of all of an organization's. */
export interface SeatScope {
  of: PoolKind | 'member' | 'customer' | 'organization';
  organizationId: string;
  id: string;
}

/** A list of seats by filter and order. */
export interface SeatQuery {
  scope: SeatScope;
  filter: SeatFilter;
  order: SeatOrder;
  /** The time that invitations are compared with. */
  now: Date;
}

// Statements without a name are planned for their values: which index is best depends on how many seats they leave.
const statement = (text: string) => ({ name: '', text });

/** How many seats of a list a search looks at before it asks the indexes of the whole organization. */
const LOOKED_AT = 2_000;
/** How many seats a search finds by index at most, before it looks at all seats of the list instead. */
const MAX_FOUND = 5_000;
/** The largest number of pools whose lists are merged. The seats of a product with more pools are found in the organization's. */
const MAX_POOLS = 2_000;

/** Returns a part of a list of seats, unscoped. */
export async function findSeats(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
): Promise<SeatView[]> {
  const hasPools = await mergesPools(sql, query);
  const { search, email } = query.filter;
  if (!search && !email) return await readPart(sql, query, part, selection, { hasPools });
  if (search && !email) {
    const seats = await searchStart(sql, query, part, selection, hasPools);
    if (seats !== undefined) return seats;
  }
  const ids = await searchIndexes(sql, query);
  return await readPart(sql, query, part, selection, { hasPools, ids });
}

/** Returns the number of seats of a whole list, unscoped. */
export async function countFound(sql: Sql, query: SeatQuery): Promise<number> {
  const isWhole = Object.values(query.filter).every(value => value === null || value === undefined);
  if (isWhole && query.scope.of !== 'member') return await countAll(sql, query.scope);
  const parameters = new Parameters();
  const hasPools = await mergesPools(sql, query);
  const holder = holderConditionOf(query.filter, parameters);
  const isWide = query.scope.of === 'organization' && !query.filter.poolIds;
  const organization = () => parameters.add(query.scope.organizationId, 'uuid');
  const conditions =
    isWide && holder ? [`s.id = ANY(ARRAY(${holder.found(organization())}))`] : matchesOf(holder);
  const branches = branchesOf(query, parameters, hasPools, [
    { conditions: [...conditionsOf(query.filter, query.now, parameters), ...conditions] },
  ]);
  const counts = branches.map(({ pools, where }) => {
    const from = pools === undefined ? '' : `(${pools}) AS p, `;
    return `SELECT s.id FROM ${from}customer_seats s WHERE ${where}`;
  });
  const [row] = await sql.rows<{ n: number }>(
    statement(`SELECT count(*)::integer AS n FROM (${counts.join(' UNION ALL ')}) AS s`),
    parameters.values,
  );
  return row?.n ?? 0;
}

/** Returns the number of all seats of pools, which the pools themselves count. */
async function countAll(sql: Sql, scope: SeatScope): Promise<number> {
  const parameters = new Parameters();
  const organization = parameters.add(scope.organizationId, 'uuid');
  const counts = kindsOf(scope).map(kind => {
    const pools = poolsOf(kind, scope, {}, organization, parameters);
    return `SELECT seats_used + seats_revoked AS n FROM ${TABLE[kind]} WHERE organization_id = ${organization} AND id IN (${pools})`;
  });
  const [row] = await sql.rows<{ n: number }>(
    statement(
      `SELECT coalesce(sum(n), 0)::integer AS n FROM (${counts.join(' UNION ALL ')}) AS pools`,
    ),
    parameters.values,
  );
  return row?.n ?? 0;
}

/** Returns whether the list is merged from those of its pools. */
async function mergesPools(sql: Sql, { scope, filter }: SeatQuery): Promise<boolean> {
  if (scope.of === 'member') return false;
  if (scope.of !== 'organization' || filter.poolIds) return true;
  if (!filter.productIds) return false;
  const pools = (['subscription', 'order'] as const).map(
    kind =>
      `SELECT 1 FROM ${TABLE[kind]} p WHERE p.organization_id = $1::uuid AND p.product_id = ANY($2::uuid[])`,
  );
  const [row] = await sql.rows<{ n: number }>(
    statement(
      `SELECT count(*)::integer AS n FROM (${pools.join(' UNION ALL ')} LIMIT ${MAX_POOLS + 1}) AS p`,
    ),
    [scope.organizationId, filter.productIds],
  );
  return (row?.n ?? 0) <= MAX_POOLS;
}

interface Way {
  hasPools: boolean;
  /** The seats that the holder's condition leaves; null for too many to name. */
  ids?: string[] | null;
}

async function readPart(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
  { hasPools, ids }: Way,
): Promise<SeatView[]> {
  if (ids?.length === 0) return [];
  const parameters = new Parameters();
  const { columns, join, read } = projectionOf(selection);
  const found =
    ids === null || ids === undefined ? [] : [`s.id = ANY(${parameters.add(ids, 'uuid[]')})`];
  const matches = ids === null ? matchesOf(holderConditionOf(query.filter, parameters)) : [];
  const rows = await sql.tuples(
    statement(`
      SELECT ${columns} FROM (${partOf(query, part, parameters, hasPools, [...found, ...matches])}) AS s ${join}
       ORDER BY ${orderOf(query.order, part.isInverted)}`),
    parameters.values,
  );
  return rows.map(row => read(row));
}

/**
 * Returns the part of a search, if the first seats of the list fill it or are all that there are. A search that finds many
 * seats ends here, without the index, whose list of them would be long.
 */
async function searchStart(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
  hasPools: boolean,
): Promise<SeatView[] | undefined> {
  const parameters = new Parameters();
  const { columns, join, read } = projectionOf(selection);
  const looked = partOf(query, { ...part, take: LOOKED_AT }, parameters, hasPools, []);
  const orderBy = orderOf(query.order, part.isInverted);
  const rows = await sql.tuples(
    statement(`
      WITH looked AS MATERIALIZED (${looked}),
      matching AS (
        SELECT s.*, row_number() OVER (ORDER BY ${orderBy}) AS place FROM looked s
         WHERE ${matchesOf(holderConditionOf(query.filter, parameters)).join(' AND ')}
         ORDER BY ${orderBy} LIMIT ${parameters.add(part.take, 'integer')})
      SELECT (SELECT count(*) FROM looked)::integer, ${columns}
        FROM (SELECT 1) AS always LEFT JOIN matching s ON true ${join}
       ORDER BY s.place`),
    parameters.values,
  );
  const isFull = rows.length >= part.take;
  const isWhole = Number(rows[0]?.[0]) < LOOKED_AT;
  if (!isFull && !isWhole) return undefined;
  return rows.filter(row => row[1] !== null).map(row => read(row, 1));
}

/** Returns the ids of the seats whose holders a filter finds; null for too many. */
async function searchIndexes(sql: Sql, query: SeatQuery): Promise<string[] | null> {
  const parameters = new Parameters();
  const holder = holderConditionOf(query.filter, parameters);
  if (holder === undefined) return null;
  const organization = parameters.add(query.scope.organizationId, 'uuid');
  const rows = await sql.rows<{ id: string }>(
    statement(`SELECT id FROM (${holder.found(organization)}) AS found LIMIT ${MAX_FOUND + 1}`),
    parameters.values,
  );
  return rows.length > MAX_FOUND ? null : rows.map(({ id }) => id);
}

const matchesOf = (holder: ReturnType<typeof holderConditionOf>) =>
  holder === undefined ? [] : [holder.matches];

/** Returns the statement for a part of a list: each branch reads as many seats as the part has, by an index. */
function partOf(
  query: SeatQuery,
  part: SeatPart,
  parameters: Parameters,
  hasPools: boolean,
  conditions: readonly string[],
): string {
  const filter = [...conditionsOf(query.filter, query.now, parameters), ...conditions];
  const limit = parameters.add(part.take, 'integer');
  const segments = segmentsOf(query.order, part, parameters).map(segment => ({
    ...segment,
    conditions: [...segment.conditions, ...filter],
  }));
  const parts = branchesOf(query, parameters, hasPools, segments).map(
    ({ pools, where, orderBy }) => {
      const read = `(SELECT s.* FROM customer_seats s WHERE ${where} ORDER BY ${orderBy} LIMIT ${limit})`;
      return pools === undefined
        ? read
        : `SELECT s.* FROM (${pools}) AS p CROSS JOIN LATERAL ${read} AS s`;
    },
  );
  return `
    SELECT s.* FROM (${parts.join(' UNION ALL ')}) AS s
     ORDER BY ${orderOf(query.order, part.isInverted)} LIMIT ${limit}`;
}

interface Branch {
  /** Selects the ids of the pools, as `p.id`, for each of which the branch reads a list. */
  pools?: string;
  where: string;
  orderBy?: string | undefined;
}

/** Returns what a list consists of, so that an index has each branch in the order of the list. */
function branchesOf(
  { scope, filter, order }: SeatQuery,
  parameters: Parameters,
  hasPools: boolean,
  segments: readonly { conditions: readonly string[]; orderBy?: string }[],
): Branch[] {
  const organization = parameters.add(scope.organizationId, 'uuid');
  const ofOrganization = `s.organization_id = ${organization}`;
  const branch = (conditions: readonly string[], orderBy: string | undefined) => ({
    where: [ofOrganization, ...conditions].join(' AND '),
    orderBy,
  });
  if (hasPools) {
    return kindsOf(scope).flatMap(kind => {
      const pools = poolsOf(kind, scope, filter, organization, parameters);
      const ofPool = `${ORDER_FIELDS[order.field].poolId(kind)} = p.id`;
      return segments.map(({ conditions, orderBy }) => ({
        ...branch([ofPool, ...conditions], orderBy),
        pools,
      }));
    });
  }
  const others = [
    ...(scope.of === 'member' ? [`s.member_id = ${parameters.add(scope.id, 'uuid')}`] : []),
    ...(filter.productIds
      ? [
          `coalesce(
            (SELECT product_id FROM subscriptions WHERE organization_id = s.organization_id AND id = s.subscription_id),
            (SELECT product_id FROM orders WHERE organization_id = s.organization_id AND id = s.order_id))
           = ANY(${parameters.add(filter.productIds, 'uuid[]')})`,
        ]
      : []),
  ];
  // The index in the order of creation has the status before it.
  const statuses = order.field === 'createdAt' && scope.of !== 'member' ? statusesOf(filter) : [];
  const each = statuses.map(status => [`s.status = ${parameters.add(status, 'seat_status')}`]);
  return segments.flatMap(({ conditions, orderBy }) =>
    (each.length > 0 ? each : [[]]).map(status =>
      branch([...status, ...others, ...conditions], orderBy),
    ),
  );
}

function statusesOf({ status }: SeatFilter): readonly SeatStatus[] {
  return [...new Set(status ?? (['pending', 'claimed', 'revoked'] as const))];
}

const kindsOf = ({ of }: SeatScope): PoolKind[] =>
  of === 'subscription' || of === 'order' ? [of] : ['subscription', 'order'];

/** Selects the ids of the pools of one kind that a list has seats of. */
function poolsOf(
  kind: PoolKind,
  scope: SeatScope,
  { poolIds, productIds }: SeatFilter,
  organization: string,
  parameters: Parameters,
): string {
  const conditions = [`p.organization_id = ${organization}`, 'p.deleted_at IS NULL'];
  if (scope.of === 'customer')
    conditions.push(`p.customer_id = ${parameters.add(scope.id, 'uuid')}`);
  if (scope.of === kind) conditions.push(`p.id = ${parameters.add(scope.id, 'uuid')}`);
  if (poolIds) conditions.push(`p.id = ANY(${parameters.add(poolIds, 'uuid[]')})`);
  if (productIds) conditions.push(`p.product_id = ANY(${parameters.add(productIds, 'uuid[]')})`);
  return `SELECT p.id FROM ${TABLE[kind]} p WHERE ${conditions.join(' AND ')}`;
}
