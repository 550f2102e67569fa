import { createHash } from 'node:crypto';
import { queryFromInfo } from '@pothos/plugin-prisma';
import {
  type DefaultConnectionArguments,
  type ResolveCursorConnectionArgs,
  resolveCursorConnection,
} from '@pothos/plugin-relay';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import type { ListPart, Place } from '../seats/read/page.ts';

const DEFAULT_PAGE = 50;
/** The most rows of a page. */
export const LARGEST_PAGE = 100;

/** Whether a list begins with the oldest or the newest row. */
export type PageOrder = 'oldest first' | 'newest first';

/** Identifies the list that a cursor belongs to: its name, its owner and its filters. */
export type ListName = readonly (string | readonly string[] | null | undefined)[];

/** The position of a row in the order of its list, as a cursor stores it. */
export interface Position<Row, Value> {
  of(row: Row): readonly unknown[];
  parse: z.ZodType<Value>;
}

/** A part of a list, in the order of the list. */
export interface PagePart<Value> {
  after: Value | undefined;
  before: Value | undefined;
  /** Whether the part is read from the end of the list. */
  isInverted: boolean;
  /** The most rows to return. */
  take: number;
}

/** A date in a cursor. */
export const DATE = z.iso
  .datetime()
  // PostgreSQL has no year 0.
  .regex(/^(?!0000)/)
  .transform(text => new Date(text));

/** Returns a page of a list in the order of `created_at, id`. */
export async function pageOf<Row extends Place>(
  args: DefaultConnectionArguments,
  list: ListName,
  find: (query: ListPart<Place>) => Promise<Row[]>,
  totalCount: () => Promise<number>,
  order: PageOrder = 'oldest first',
) {
  return await pageBy<Row, Place>(
    CREATION,
    args,
    list,
    part => find(inTime(part, order)),
    totalCount,
  );
}

/** Returns a part of a list that is ordered by time. */
export function inTime<Value>(part: PagePart<Value>, order: PageOrder): ListPart<Value> {
  const { after, before, isInverted, take } = part;
  const isOldestFirst = order === 'oldest first';
  return {
    after: isOldestFirst ? after : before,
    before: isOldestFirst ? before : after,
    direction: isOldestFirst !== isInverted ? 'asc' : 'desc',
    take,
  };
}

/**
 * Returns a page of a list. A cursor is a position in the order of one list, not a row, so it cannot name somebody else's
 * row.
 */
export async function pageBy<Row extends object, Value>(
  position: Position<Row, Value>,
  args: DefaultConnectionArguments,
  list: ListName,
  find: (part: PagePart<Value>) => Promise<Row[]>,
  totalCount: () => Promise<number>,
) {
  requirePageSize(args);
  const positionOf = (cursor: string | undefined) =>
    cursor === undefined ? undefined : fromCursor(position.parse, cursor, list);
  const page = await resolveCursorConnection(
    {
      args,
      defaultSize: DEFAULT_PAGE,
      maxSize: LARGEST_PAGE,
      toCursor: (row: Row) => cursorTo(position.of(row), list),
    },
    ({ after, before, limit, inverted }: ResolveCursorConnectionArgs): Promise<Row[]> =>
      find({
        after: positionOf(after),
        before: positionOf(before),
        isInverted: inverted,
        take: limit,
      }),
  );
  if (page.edges.length > 0) return { ...page, totalCount };
  return {
    ...page,
    pageInfo: { ...page.pageInfo, startCursor: null, endCursor: null },
    totalCount,
  };
}

/** Refuses an empty filter: it would match nothing, but callers may expect it to match everything. */
export function requireFilter(name: string, values: readonly unknown[] | null | undefined): void {
  if (values?.length !== 0) return;
  throw badInput(`\`${name}\` is an empty list. Name what you want, or leave it out for all.`);
}

const MAX_VALUES = 100;

/** Refuses an empty filter, and one with more than 100 values. */
export function requireValues(name: string, values: readonly unknown[] | null | undefined): void {
  requireFilter(name, values);
  if ((values?.length ?? 0) > MAX_VALUES) {
    throw badInput(`\`${name}\` has more than ${MAX_VALUES} values.`);
  }
}

/** A page in Prisma's terms, with the relations of its rows that the operation selects. */
interface PrismaPage {
  /** Conditions in addition to the list's own. */
  beyond: { createdAt: object; OR: object[] }[];
  orderBy: [{ createdAt: 'asc' | 'desc' }, { id: 'asc' | 'desc' }];
  take: number;
  include?: object;
}

/**
 * `pageOf` for a list that Prisma reads. It replaces `t.prismaConnection`, whose cursors are keys of rows and not tied to a
 * list, and which corrects arguments that this API refuses.
 */
export function pageOfRows<Row extends Place>(
  { args, ctx, info, type, list, order }: RowsRequest,
  find: (page: PrismaPage) => Promise<Row[]>,
  totalCount: () => Promise<number>,
) {
  const include = includeOf({ ctx, info, type });
  return pageOf(
    args,
    list,
    ({ after, before, direction, take }) =>
      find({
        beyond: [
          ...(after ? [beyond('gt', after)] : []),
          ...(before ? [beyond('lt', before)] : []),
        ],
        orderBy: [{ createdAt: direction }, { id: direction }],
        take,
        ...(include && { include }),
      }),
    totalCount,
    order,
  );
}

/** The same for a list whose rows are found by an SQL statement and then loaded by Prisma. */
export function pageOfFound<Row extends Place>(
  { args, ctx, info, type, list, order }: RowsRequest,
  find: (part: ListPart<Place>) => Promise<string[]>,
  load: (query: { where: { id: { in: string[] } }; include?: object }) => Promise<Row[]>,
  totalCount: () => Promise<number>,
) {
  const include = includeOf({ ctx, info, type });
  return pageOf(
    args,
    list,
    async part => {
      const ids = await find(part);
      const rows = await load({ where: { id: { in: ids } }, ...(include && { include }) });
      const byId = new Map(rows.map(row => [row.id, row]));
      return ids.flatMap(id => byId.get(id) ?? []);
    },
    totalCount,
    order,
  );
}

/** Returns the relations of a page's rows that the operation selects. */
function includeOf({ ctx, info, type }: Pick<RowsRequest, 'ctx' | 'info' | 'type'>) {
  const paths = [['nodes'], ['edges', 'node']];
  return queryFromInfo({ context: ctx, info, typeName: type, paths }).include;
}

interface RowsRequest {
  args: DefaultConnectionArguments;
  ctx: Ctx;
  info: GraphQLResolveInfo;
  /** The rows' type in GraphQL. */
  type: string;
  list: ListName;
  order?: PageOrder;
}

/** Returns what a page counts towards an operation's limit. A size that is refused counts as the nearest allowed one. */
export function pageComplexity({ first, last }: { first?: number | null; last?: number | null }) {
  const size = first ?? last ?? DEFAULT_PAGE;
  return { field: 1, multiplier: Math.min(Math.max(size, 0), LARGEST_PAGE) };
}

function requirePageSize({ first, last }: DefaultConnectionArguments): void {
  if (isGiven(first) && isGiven(last)) {
    throw badInput('Ask for `first` or for `last`, not for both.');
  }
  for (const size of [first, last]) {
    if (!isGiven(size) || (size >= 0 && size <= LARGEST_PAGE)) continue;
    throw badInput(`A page has from 0 to ${LARGEST_PAGE} items, not ${size}.`);
  }
}

function isGiven(size: number | null | undefined): size is number {
  return size !== null && size !== undefined;
}

/** Returns the error for an argument that is not valid. */
export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

const CREATION: Position<Place, Place> = {
  of: ({ createdAt, id }) => [createdAt, id],
  parse: z.tuple([DATE, z.guid()]).transform(([createdAt, id]) => ({ createdAt, id })),
};

/** Returns a cursor that is computed only if it is selected: GraphQL serializes an object by its `valueOf`. */
function cursorTo(position: readonly unknown[], list: ListName): string {
  return { valueOf: () => cursorOf(position, list) } as unknown as string;
}

/** Returns the cursor of a position in a list. */
export function cursorOf(position: readonly unknown[], list: ListName): string {
  return Buffer.from(JSON.stringify([...position, markOf(list)])).toString('base64url');
}

function fromCursor<Value>(position: z.ZodType<Value>, cursor: string, list: ListName): Value {
  const parts = parsed(Buffer.from(cursor, 'base64url').toString('utf8'));
  const mark = Array.isArray(parts) ? parts.pop() : undefined;
  const { success, data } = position.safeParse(parts);
  if (!success || mark !== markOf(list)) {
    throw badInput(
      'This is not a cursor of this list. Take `pageInfo.endCursor` of its page before, with the same filters.',
    );
  }
  return data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns a text that tells lists apart. */
function markOf(list: ListName): string {
  const sorted = list.map(part => (Array.isArray(part) ? part.toSorted() : (part ?? null)));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 11);
}

function beyond(direction: 'gt' | 'lt', { createdAt, id }: Place) {
  return {
    // Redundant, but in a form from which an index scan can start.
    createdAt: { [`${direction}e`]: createdAt },
    OR: [{ createdAt: { [direction]: createdAt } }, { createdAt, id: { [direction]: id } }],
  };
}
