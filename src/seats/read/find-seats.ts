import { Parameters } from '../../db/parameters.ts';
import type { Sql } from '../../db/sql.ts';
import type { SeatView } from '../view.ts';
import { type PoolKind, TABLE } from './read-pool.ts';
import {
  conditionsOf,
  type HolderCondition,
  holderConditionOf,
  metadataConditionOf,
  POOL_ID,
  type SeatFilter,
} from './seat-filter.ts';
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
  /** Whether the caller sees customers other than its own. */
  seesCustomers: boolean;
}

/** How many seats of a list a search looks at before it asks the indexes of the whole organization. */
const LOOKED_AT = 1_000;
/** How many it looks at, at most, if it found so many among the first that these will do. Metadata needs no other row. */
const MAX_LOOKED_AT = { search: 6_000, metadata: 40_000 };
/** How many seats a search finds by index at most, before it looks at all seats of the list instead. */
const MAX_FOUND = 20_000;
/** The largest number of pools whose lists are merged. The seats of a product with more pools are found in the organization's. */
const MAX_POOLS = 300;

/** Returns a part of a list of seats, unscoped. */
export async function findSeats(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
): Promise<SeatView[]> {
  const way = await wayOf(sql, query);
  const { search, email, metadata } = query.filter;
  if (!search && !email && !metadata) return await readPart(sql, query, part, selection, { way });
  if (!email) {
    const start = await searchStart(sql, query, part, selection, { way, looked: LOOKED_AT });
    if (start.isDone) return start.seats;
    const wanted = (2 * LOOKED_AT * part.take) / start.seats.length;
    if (wanted <= MAX_LOOKED_AT[search ? 'search' : 'metadata']) {
      const more = { way, looked: Math.ceil(wanted) };
      const further = await searchStart(sql, query, part, selection, more);
      if (further.isDone) return further.seats;
    }
  }
  if (!search && !email) return await readPart(sql, query, part, selection, { way: 'by index' });
  const ids = await searchIndexes(sql, query);
  return ids?.length === 0 ? [] : await readPart(sql, query, part, selection, { way, ids });
}

/** Returns the number of seats of a whole list, unscoped. */
export async function countFound(sql: Sql, query: SeatQuery): Promise<number> {
  const { filter, scope } = query;
  const isWhole = Object.values(filter).every(value => value === null || value === undefined);
  if (isWhole && scope.of !== 'member') return await countAll(sql, scope);
  const statement = new SeatStatement(
    query,
    filter.metadata ? 'by index' : await wayOf(sql, query),
  );
  const { holder } = statement;
  const isWide = scope.of === 'organization' && !filter.poolIds;
  const found = isWide && holder ? [`s.id = ANY(ARRAY(${holder.found('')}))`] : [];
  const counts = statement
    .branches([{ conditions: [...found, ...statement.matches] }])
    .map(branch => {
      const from = branch.pools === undefined ? '' : `(${branch.pools}) AS p, `;
      return `SELECT s.id FROM ${from}customer_seats s WHERE ${branch.where}`;
    });
  const [row] = await sql.rows<{ n: number }>(
    ...statement.of(`SELECT count(*)::integer AS n FROM (${counts.join(' UNION ALL ')}) AS s`),
  );
  return row?.n ?? 0;
}

/** Returns the number of all seats of pools, which the pools themselves count. */
async function countAll(sql: Sql, scope: SeatScope): Promise<number> {
  const statement = new SeatStatement({
    scope,
    filter: {},
    order: BY_CREATION,
    now: new Date(),
    seesCustomers: false,
  });
  const counts = kindsOf(scope).map(
    kind => `SELECT seats_used + seats_revoked AS n FROM ${statement.pools(kind)}`,
  );
  const [row] = await sql.rows<{ n: number }>(
    ...statement.of(
      `SELECT coalesce(sum(n), 0)::integer AS n FROM (${counts.join(' UNION ALL ')}) AS pools`,
    ),
  );
  return row?.n ?? 0;
}

const BY_CREATION: SeatOrder = { field: 'createdAt', direction: 'asc' };

/**
 * How a list is read: merged from the lists of its pools, each in order; from all seats of the organization or the member; or
 * by the index for metadata, in no order.
 */
type Way = 'merged' | 'all' | 'by index';

async function wayOf(sql: Sql, { scope, filter }: SeatQuery): Promise<Way> {
  if (scope.of === 'member') return 'all';
  if (scope.of !== 'organization' || filter.poolIds) return 'merged';
  if (!filter.productIds) return 'all';
  const pools = (['subscription', 'order'] as const).map(
    kind =>
      `SELECT 1 FROM ${TABLE[kind]} p WHERE p.organization_id = $1::uuid AND p.product_id = ANY($2::uuid[])`,
  );
  const text = `SELECT count(*)::integer AS n FROM (${pools.join(' UNION ALL ')} LIMIT ${MAX_POOLS + 1}) AS p`;
  const values = [scope.organizationId, filter.productIds];
  const [row] = await sql.rows<{ n: number }>({ name: '', text }, values);
  return (row?.n ?? 0) <= MAX_POOLS ? 'merged' : 'all';
}

/** Reads a part of a list. The ids are those of all seats that the condition for the holder leaves, if they are known. */
async function readPart(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
  { way, ids }: { way: Way; ids?: string[] | null },
): Promise<SeatView[]> {
  const statement = new SeatStatement(query, way);
  const { columns, join, read } = projectionOf(selection);
  const conditions = [...(ids ? [statement.hasId(ids)] : []), ...statement.matches];
  const rows = await sql.tuples(
    ...statement.of(`
      SELECT ${columns} FROM (${statement.part(part, conditions)}) AS page
       CROSS JOIN LATERAL (${statement.seatBy('page.id')}) AS s ${join}
       ORDER BY ${orderOf(query.order, part.isInverted)}`),
  );
  return rows.map(row => read(row));
}

/**
 * Searches the first seats of a list, and says whether they fill the part or are all that there are. A search that finds
 * many seats needs no index, whose list of them would be long.
 */
async function searchStart(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
  { way, looked }: { way: Way; looked: number },
): Promise<{ seats: SeatView[]; isDone: boolean }> {
  const statement = new SeatStatement(query, way);
  const { columns, join, read } = projectionOf(selection);
  const orderBy = orderOf(query.order, part.isInverted);
  const rows = await sql.tuples(
    ...statement.of(`
      WITH looked AS MATERIALIZED (${statement.part({ ...part, take: looked }, [], MATCHED)}),
      matching AS (
        SELECT s.id, row_number() OVER (ORDER BY ${orderBy}) AS place FROM looked s
         WHERE ${statement.matches.join(' AND ')}
         ORDER BY ${orderBy} LIMIT ${statement.parameters.add(part.take, 'integer')})
      SELECT (SELECT count(*) FROM looked)::integer, ${columns}
        FROM (SELECT 1) AS always LEFT JOIN matching ON true
        LEFT JOIN LATERAL (${statement.seatBy('matching.id')}) AS s ON true ${join}
       ORDER BY matching.place`),
  );
  const seats = rows.filter(row => row[1] !== null).map(row => read(row, 1));
  return { seats, isDone: seats.length >= part.take || Number(rows[0]?.[0]) < looked };
}

/** Returns the ids of the seats whose holders have the address of a filter, or else meet its search; null for too many. */
async function searchIndexes(sql: Sql, query: SeatQuery): Promise<string[] | null> {
  const { search, email } = query.filter;
  const statement = new SeatStatement({ ...query, filter: email ? { email } : { search } });
  const { holder } = statement;
  if (holder === undefined) return null;
  const found = holder.found(`LIMIT ${MAX_FOUND + 1}`);
  const rows = await sql.rows<{ id: string }>(...statement.of(found));
  return rows.length > MAX_FOUND ? null : rows.map(({ id }) => id);
}

/** What these conditions read of a seat. */
const MATCHED = ['s.organization_id', 's.email', 's.member_id', 's.customer_id', 's.metadata'];

interface Branch {
  /** Selects the pools, as `p.id`, for each of which the branch reads a list. */
  pools?: string;
  where: string;
  orderBy?: string | undefined;
}

/** A statement for a list of seats, put together from parts. */
class SeatStatement {
  readonly parameters = new Parameters();
  readonly #query: SeatQuery;
  readonly #way: Way;
  readonly #organization: string;
  #holder: HolderCondition | undefined;
  #metadata: string | undefined;

  constructor(query: SeatQuery, way: Way = 'all') {
    this.#query = { ...query, filter: withHolder(query.filter) };
    this.#way = way;
    this.#organization = this.parameters.add(query.scope.organizationId, 'uuid');
  }

  /**
   * Returns the statement with its values. It has no name, and so is planned for its values: which index is best depends on
   * how many seats they leave.
   */
  of(text: string): [{ name: string; text: string }, unknown[]] {
    return [{ name: '', text }, this.parameters.values];
  }

  /** The condition of the filter for the holder. */
  get holder(): HolderCondition | undefined {
    const { filter } = this.#query;
    this.#holder ??= holderConditionOf(filter, this.#organization, this.parameters, this.#query);
    return this.#holder;
  }

  /** The conditions for the seat `s` that only indexes in no order help with: for the holder and for metadata. */
  get matches(): string[] {
    this.#metadata ??= metadataConditionOf(this.#query.filter, this.parameters);
    return [this.holder?.matches, this.#metadata].filter(condition => condition !== undefined);
  }

  hasId(ids: string[]): string {
    return `s.id = ANY(${this.parameters.add(ids, 'uuid[]')})`;
  }

  /** Selects a seat by its id. `OFFSET` makes PostgreSQL look it up by its key. */
  seatBy(id: string): string {
    return `SELECT * FROM customer_seats WHERE organization_id = ${this.#organization} AND id = ${id} OFFSET 0`;
  }

  /** Selects the ids of a part of a list, with other columns. An index has each of its branches in the order of the list. */
  part(part: SeatPart, conditions: readonly string[], others: readonly string[] = []): string {
    const { order } = this.#query;
    const limit = this.parameters.add(part.take, 'integer');
    const columns = [...new Set(['s.id', ORDER_FIELDS[order.field].column, ...others])].join();
    const segments = segmentsOf(order, part, this.parameters).map(segment => ({
      ...segment,
      conditions: [...segment.conditions, ...conditions],
    }));
    const branches = this.branches(segments).map(({ pools, where, orderBy }) => {
      const read = `(SELECT ${columns} FROM customer_seats s WHERE ${where} ORDER BY ${orderBy} LIMIT ${limit})`;
      return pools === undefined
        ? read
        : `SELECT ${columns} FROM (${pools}) AS p CROSS JOIN LATERAL ${read} AS s`;
    });
    return `
      SELECT ${columns} FROM (${branches.join(' UNION ALL ')}) AS s
       ORDER BY ${orderOf(order, part.isInverted)} LIMIT ${limit}`;
  }

  /** Returns what a list consists of. */
  branches(segments: readonly { conditions: readonly string[]; orderBy?: string }[]): Branch[] {
    const { scope, filter, order, now } = this.#query;
    const filtered = conditionsOf(filter, now, this.parameters);
    const branch = (conditions: readonly string[], orderBy: string | undefined): Branch => ({
      where: [`s.organization_id = ${this.#organization}`, ...filtered, ...conditions].join(
        ' AND ',
      ),
      orderBy,
    });
    const isRange = filter.assignedAt ?? filter.claimedAt ?? filter.invitationExpiresAt;
    const each: { conditions: string[]; pools?: string }[] =
      this.#way === 'merged'
        ? kindsOf(scope).map(kind => {
            const ofPool = `${ORDER_FIELDS[order.field].poolId(kind)} = p.id`;
            // The index for the range has the pool in this form.
            const conditions = isRange ? [ofPool, `${POOL_ID} = p.id`] : [ofPool];
            return { conditions, pools: `SELECT p.id FROM ${this.pools(kind)}` };
          })
        : [{ conditions: this.#otherConditions() }];
    return each.flatMap(({ pools, conditions: others }) =>
      this.#statuses().flatMap(status =>
        segments.map(({ conditions, orderBy }) => ({
          ...branch([...status, ...others, ...conditions], orderBy),
          ...(pools !== undefined && { pools }),
        })),
      ),
    );
  }

  /** Returns the condition for each status that a branch of its own reads: the index in the order of creation has it first. */
  #statuses(): string[][] {
    const { scope, filter, order } = this.#query;
    const isFirst = order.field === 'createdAt' && scope.of === 'organization';
    const statuses = filter.status ?? (isFirst ? (['pending', 'claimed', 'revoked'] as const) : []);
    if (this.#way === 'by index' || statuses.length === 0) return [[]];
    return [...new Set(statuses)].map(status => [
      `s.status = ${this.parameters.add(status, 'seat_status')}`,
    ]);
  }

  /** Names the pools of one kind that a list has seats of, as `p`, with the conditions for them. */
  pools(kind: PoolKind): string {
    const { scope, filter } = this.#query;
    const conditions = [`p.organization_id = ${this.#organization}`];
    const isOneOf = (column: string, ids: readonly string[] | null | undefined) => {
      if (ids) conditions.push(`p.${column} = ANY(${this.parameters.add(ids, 'uuid[]')})`);
    };
    if (scope.of === 'customer') isOneOf('customer_id', [scope.id]);
    if (scope.of === kind) isOneOf('id', [scope.id]);
    isOneOf('id', filter.poolIds);
    isOneOf('product_id', filter.productIds);
    return `${TABLE[kind]} p WHERE ${conditions.join(' AND ')}`;
  }

  /** Returns the conditions for what the list has of its member, of its pools and of products. */
  #otherConditions(): string[] {
    const { scope, filter } = this.#query;
    if (scope.of === 'member') {
      return [`s.member_id = ${this.parameters.add(scope.id, 'uuid')}`, ...this.#ofProducts()];
    }
    if (scope.of === 'organization' && !filter.poolIds) return this.#ofProducts();
    const pools = kindsOf(scope).map(kind => `SELECT p.id FROM ${this.pools(kind)}`);
    return [`${POOL_ID} = ANY(ARRAY(${pools.join(' UNION ALL ')}))`];
  }

  #ofProducts(): string[] {
    const { scope, filter } = this.#query;
    if (!filter.productIds) return [];
    const products = kindsOf(scope).map(
      kind =>
        `(SELECT product_id FROM ${TABLE[kind]} WHERE organization_id = s.organization_id AND id = s.${kind}_id)`,
    );
    return [
      `coalesce(${products.join()}) = ANY(${this.parameters.add(filter.productIds, 'uuid[]')})`,
    ];
  }
}

/** A revoked seat has no holder. */
function withHolder(filter: SeatFilter): SeatFilter {
  if (!filter.search && !filter.email) return filter;
  const status = (filter.status ?? (['pending', 'claimed'] as const)).filter(
    each => each !== 'revoked',
  );
  return { ...filter, status };
}

const kindsOf = ({ of }: SeatScope): PoolKind[] =>
  of === 'subscription' || of === 'order' ? [of] : ['subscription', 'order'];
