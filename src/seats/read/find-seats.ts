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

/** Whose seats: those of a pool, of a member, of all pools of a customer, or of all pools of an organization. */
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

/** How many seats of a list a search reads first, to estimate how many match. */
const SAMPLE = { search: 200, metadata: 1_000 };
/**
 * The most seats that it reads before it turns to the indexes of the whole organization. The limit for metadata is higher,
 * because that filter reads no other row.
 */
const MAX_LOOKED_AT = { search: 6_000, metadata: 40_000 };
/** How many times more seats it reads than the sample suggests: the sample may have had more than its share of matches. */
const MARGIN = 2;
/** The most seats that are looked up one by one. For more, the list is read in its order. */
const MAX_LOOKED_UP = 2_000;
/** The most seats that a search finds by index before it reads all seats of the list instead. */
const MAX_FOUND = 20_000;
/** The most pools whose lists are merged. For products with more pools, the seats are read from the organization's list. */
const MAX_POOLS = 300;
/** From this number of pools on, it pays to find out first how far into their lists a page reaches. */
const MANY_POOLS = 6;

/** Returns a part of a list of seats, unscoped. */
export async function findSeats(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
): Promise<SeatView[]> {
  const way = await wayOf(sql, query);
  const { search, email, metadata } = query.filter;
  if (!search && !email && !metadata) {
    return await readNarrowed(sql, query, part, way, {
      read: narrowed => readPart(sql, query, narrowed, selection, way),
      isEnd: seats => seats.length < part.take,
    });
  }
  if (!email) {
    const found = await searchInOrder(sql, query, part, selection, way);
    if (found !== undefined) return found;
  }
  if (!search && !email) return await readPart(sql, query, part, selection, BY_INDEX);
  const ids = await searchIndexes(sql, query);
  if (ids?.length === 0) return [];
  const isShort = ids !== null && ids.length <= MAX_LOOKED_UP;
  return await readPart(sql, query, part, selection, isShort ? BY_INDEX : way, ids);
}

/** Returns the number of seats of a whole list, unscoped. */
export async function countFound(sql: Sql, query: SeatQuery): Promise<number> {
  const { filter, scope } = query;
  const isWhole = Object.values(filter).every(value => value === null || value === undefined);
  if (isWhole && scope.of !== 'member') return await countAll(sql, scope);
  const statement = new SeatStatement(query, filter.metadata ? BY_INDEX : await wayOf(sql, query));
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

/** Returns the number of all seats of pools, from the counts that the pools keep. */
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
 * How a list is read: merged from the ordered lists of its pools; from all seats of the organization or the member; or by
 * ids or the index for metadata, in no order.
 */
type Way =
  /** `pools` counts the pools when called. */
  { by: 'merged'; pools: () => Promise<number> } | { by: 'all' | 'by index' };

const ALL: Way = { by: 'all' };
const BY_INDEX: Way = { by: 'by index' };

async function wayOf(sql: Sql, { scope, filter }: SeatQuery): Promise<Way> {
  if (scope.of === 'member') return ALL;
  if (scope.of === 'subscription' || scope.of === 'order') return merged(async () => 1);
  const { poolIds, productIds } = filter;
  if (poolIds) return merged(async () => poolIds.length);
  if (scope.of === 'customer') {
    const values = [scope.organizationId, scope.id];
    return merged(() => countPools(sql, 'p.customer_id = $2::uuid', values));
  }
  if (!productIds) return ALL;
  const values = [scope.organizationId, productIds];
  const pools = await countPools(sql, 'p.product_id = ANY($2::uuid[])', values);
  return pools <= MAX_POOLS ? merged(async () => pools) : ALL;
}

/** Merges the lists of pools. The pools are counted at most once. */
function merged(count: () => Promise<number>): Way {
  let counted: Promise<number> | undefined;
  const pools = () => {
    counted ??= count();
    return counted;
  };
  return { by: 'merged', pools };
}

/** Counts the pools `p` that meet a condition, up to one more than the most that are merged. */
async function countPools(sql: Sql, condition: string, values: unknown[]): Promise<number> {
  const pools = (['subscription', 'order'] as const).map(
    kind => `SELECT 1 FROM ${TABLE[kind]} p WHERE p.organization_id = $1::uuid AND ${condition}`,
  );
  const text = `SELECT count(*)::integer AS n FROM (${pools.join(' UNION ALL ')} LIMIT ${MAX_POOLS + 1}) AS p`;
  const [row] = await sql.rows<{ n: number }>({ name: '', text }, values);
  return row?.n ?? 0;
}

/**
 * Gives a part of a list an end that leaves none of its rows out. Without an end, every pool is read for as many rows as the
 * whole part has. The end is the position of the row after the part among the first few rows of every pool.
 */
async function narrow(sql: Sql, query: SeatQuery, part: SeatPart, way: Way): Promise<SeatPart> {
  const pools = way.by === 'merged' ? await way.pools() : 1;
  if (pools < MANY_POOLS) return part;
  const statement = new SeatStatement(query, way);
  const few = Math.ceil((2 * part.take) / pools) + 2;
  const next = statement.part({ ...part, take: 1 }, [], { ofEach: few, offset: part.take });
  const [row] = await sql.tuples(...statement.of(`SELECT id, key FROM (${next}) AS s`));
  if (row === undefined) return part;
  const [id, key] = row as [string, Date | string | null];
  const since = (part.after ?? part.before)?.since;
  const end = { id, key, since };
  return part.isInverted ? { ...part, after: end } : { ...part, before: end };
}

/**
 * Reads a part as `narrow` returns it. If the result looks like the end of the list, a row has left the list meanwhile, and
 * the whole part is read.
 */
async function readNarrowed<Found>(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  way: Way,
  { read, isEnd }: { read: (part: SeatPart) => Promise<Found>; isEnd: (found: Found) => boolean },
): Promise<Found> {
  const narrowed = await narrow(sql, query, part, way);
  const found = await read(narrowed);
  return narrowed !== part && isEnd(found) ? await read(part) : found;
}

/** Reads a part of a list. `ids` include all seats whose holders meet the filter, if known. */
async function readPart(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
  way: Way,
  ids?: string[] | null,
): Promise<SeatView[]> {
  const statement = new SeatStatement(query, way);
  const { columns, join, read } = projectionOf(selection);
  const isLookedUp = way.by === 'by index';
  const conditions = [...(ids && !isLookedUp ? [statement.hasId(ids)] : []), ...statement.matches];
  const found = isLookedUp ? ids : undefined;
  const rows = await sql.tuples(
    ...statement.of(`
      SELECT ${columns} FROM (${statement.part(part, conditions, { found })}) AS page
       CROSS JOIN LATERAL (${statement.seatBy('page.id')}) AS s ${join}
       ORDER BY ${orderOf(query.order, part.isInverted)}`),
  );
  return rows.map(row => read(row));
}

/**
 * Searches a list in its order; returns undefined if so few seats match that it would read too many. A search that matches
 * many seats is faster without an index, which would list all of them first.
 */
async function searchInOrder(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
  way: Way,
): Promise<SeatView[] | undefined> {
  const by = query.filter.search ? 'search' : 'metadata';
  let looked = 0;
  let wanted = SAMPLE[by];
  // The matches so far tell how many seats to read next.
  while (wanted > looked && wanted <= MAX_LOOKED_AT[by]) {
    looked = wanted;
    const { seats, isDone } = await searchStart(sql, query, part, selection, { way, looked });
    if (isDone) return seats;
    wanted = Math.ceil((MARGIN * looked * part.take) / seats.length);
  }
  return undefined;
}

/**
 * Searches the first seats of a list until they fill the part. `isDone` says that they do, or that the list has no more
 * seats.
 */
async function searchStart(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
  { way, looked }: { way: Way; looked: number },
): Promise<{ seats: SeatView[]; isDone: boolean }> {
  // The row after the searched ones shows that there are more.
  const whole = { ...part, take: looked + 1 };
  return await readNarrowed(sql, query, whole, way, {
    read: start => searchPart(sql, query, start, selection, { way, looked, take: part.take }),
    isEnd: ({ seats, isDone }) => isDone && seats.length < part.take,
  });
}

/** `searchStart` for a part that consists of the first seats of a list. */
async function searchPart(
  sql: Sql,
  query: SeatQuery,
  part: SeatPart,
  selection: SeatSelection | 'everything',
  { way, looked, take }: { way: Way; looked: number; take: number },
): Promise<{ seats: SeatView[]; isDone: boolean }> {
  const statement = new SeatStatement(query, way);
  const { columns, join, read } = projectionOf(selection);
  const orderBy = orderOf(query.order, part.isInverted, 's.key');
  const isFurther = `s.place > ${statement.parameters.add(looked, 'integer')}`;
  const rows = await sql.tuples(
    ...statement.of(`
      SELECT page.is_further, ${columns}
        FROM (SELECT s.id, s.place, ${isFurther} AS is_further
                FROM (SELECT s.*, row_number() OVER (ORDER BY ${orderBy}) AS place
                        FROM (${statement.part(part, [], { others: MATCHED })}) AS s) AS s
               WHERE ${isFurther} OR (${statement.matches.join(' AND ')})
               ORDER BY ${orderBy} LIMIT ${statement.parameters.add(take, 'integer')}) AS page
       CROSS JOIN LATERAL (${statement.seatBy('page.id')}) AS s ${join}
       ORDER BY page.place`),
  );
  const seats = rows.filter(([isFurther]) => isFurther === false).map(row => read(row, 1));
  const isWhole = rows.every(([isFurther]) => isFurther === false);
  return { seats, isDone: isWhole };
}

/**
 * Returns the ids of the seats whose holders have the filter's address, or match its search if it has none; null for too
 * many.
 */
async function searchIndexes(sql: Sql, query: SeatQuery): Promise<string[] | null> {
  const { search, email } = query.filter;
  const statement = new SeatStatement({ ...query, filter: email ? { email } : { search } });
  const { holder } = statement;
  if (holder === undefined) return null;
  const found = holder.found(`LIMIT ${MAX_FOUND + 1}`);
  const rows = await sql.rows<{ id: string }>(...statement.of(found));
  return rows.length > MAX_FOUND ? null : rows.map(({ id }) => id);
}

/** The columns of a seat that the conditions of a search read. */
const MATCHED = ['s.organization_id', 's.email', 's.member_id', 's.customer_id', 's.metadata'];

interface PartOptions {
  /** The ids of all seats that can be in the part, if known. */
  found?: string[] | null | undefined;
  others?: readonly string[];
  ofEach?: number;
  offset?: number;
}

interface Branch {
  /** Selects, as `p.id`, the pools whose lists the branch reads. */
  pools?: string;
  where: string;
  orderBy?: string | undefined;
}

/** Builds the statement for a list of seats from parts. */
class SeatStatement {
  readonly parameters = new Parameters();
  readonly #query: SeatQuery;
  readonly #way: Way;
  readonly #organization: string;
  #holder: HolderCondition | undefined;
  #metadata: string | undefined;

  constructor(query: SeatQuery, way: Way = ALL) {
    this.#query = { ...query, filter: withHolder(query.filter) };
    this.#way = way;
    this.#organization = this.parameters.add(query.scope.organizationId, 'uuid');
  }

  /**
   * Returns the statement with its values. It has no name, so PostgreSQL plans it for its values: the best index depends on
   * how many seats they match.
   */
  of(text: string): [{ name: string; text: string }, unknown[]] {
    return [{ name: '', text }, this.parameters.values];
  }

  /** The filter's condition on the holder. */
  get holder(): HolderCondition | undefined {
    const { filter } = this.#query;
    this.#holder ??= holderConditionOf(filter, this.#organization, this.parameters, this.#query);
    return this.#holder;
  }

  /** The conditions on the seat `s` that only unordered indexes help with: on the holder and on metadata. */
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

  /** Selects seats by their ids, one by one: PostgreSQL cannot know that they are few. */
  #seatsBy(ids: string[]): string {
    return `SELECT found.* FROM unnest(${this.parameters.add(ids, 'uuid[]')}) AS wanted (id)
      CROSS JOIN LATERAL (${this.seatBy('wanted.id')}) AS found`;
  }

  /**
   * Selects the ids of a part of a list with their sort keys and other columns. An index holds each branch in the order of
   * the list. `ofEach` is the most rows to read of each pool, and `offset` the number of rows of the list to skip.
   */
  part(
    part: SeatPart,
    conditions: readonly string[],
    { found, others = [], ofEach = part.take, offset = 0 }: PartOptions = {},
  ): string {
    const { order } = this.#query;
    const { key } = ORDER_FIELDS[order.field];
    const limit = this.parameters.add(ofEach, 'integer');
    const segments = segmentsOf(order, part, this.parameters).map(segment => ({
      ...segment,
      conditions: [...segment.conditions, ...conditions],
    }));
    const columns = ['s.id', 's.key', ...others].join();
    const seats = found ? `(${this.#seatsBy(found)})` : 'customer_seats';
    const branches = this.branches(segments).map(({ pools, where, orderBy }) => {
      const read = `(SELECT ${['s.id', `${key} AS key`, ...others].join()} FROM ${seats} s WHERE ${where} ORDER BY ${orderBy} LIMIT ${limit})`;
      return pools === undefined
        ? read
        : `SELECT ${columns} FROM (${pools}) AS p CROSS JOIN LATERAL ${read} AS s`;
    });
    return `
      SELECT ${columns} FROM (${branches.join(' UNION ALL ')}) AS s
       ORDER BY ${orderOf(order, part.isInverted, 's.key')}
       OFFSET ${this.parameters.add(offset, 'integer')} LIMIT ${this.parameters.add(part.take, 'integer')}`;
  }

  /** Returns the branches whose rows make up a list. */
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
      this.#way.by === 'merged'
        ? kindsOf(scope).map(kind => {
            const ofPool = `${ORDER_FIELDS[order.field].poolId(kind)} = p.id`;
            // The index for date ranges has the pool's id in this form.
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

  /**
   * Returns the condition for each status that gets its own branch: the index in the order of creation starts with the
   * status.
   */
  #statuses(): string[][] {
    const { scope, filter, order } = this.#query;
    const isFirst = order.field === 'createdAt' && scope.of === 'organization';
    const statuses = filter.status ?? (isFirst ? (['pending', 'claimed', 'revoked'] as const) : []);
    const isSplit = statuses.length === 1 || (isFirst && statuses.length > 1);
    if (this.#way.by === 'by index' || !isSplit) return [[]];
    return [...new Set(statuses)].map(status => [
      `s.status = ${this.parameters.add(status, 'seat_status')}`,
    ]);
  }

  /** Returns the FROM and WHERE clauses for the pools `p` of one kind that the list has seats of. */
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

  /** Returns the list's conditions on the member, on pools and on products. */
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

/** Drops revoked seats from a search for holders: they have none. */
function withHolder(filter: SeatFilter): SeatFilter {
  if (!filter.search && !filter.email) return filter;
  const status = (filter.status ?? (['pending', 'claimed'] as const)).filter(
    each => each !== 'revoked',
  );
  return { ...filter, status };
}

const kindsOf = ({ of }: SeatScope): PoolKind[] =>
  of === 'subscription' || of === 'order' ? [of] : ['subscription', 'order'];
