import {
  type DefaultConnectionArguments,
  type ResolveCursorConnectionArgs,
  resolveCursorConnection,
} from '@pothos/plugin-relay';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import type { Place, SeatPage } from '../seats/page.ts';

const DEFAULT_PAGE = 50;
/** How many rows a page has at most. */
export const LARGEST_PAGE = 100;

/** Which rows a page has, and in what order, as a query has to select them. */
export type PageQuery = SeatPage;

/** Which end of time a list begins with. */
export type PageOrder = 'oldest first' | 'newest first';

/** One page of a list. A cursor is a place in the order, not a row, so that it can name nobody else's. */
export async function pageOf<Row extends Place>(
  args: DefaultConnectionArguments,
  find: (query: PageQuery) => Promise<Row[]>,
  totalCount: () => Promise<number>,
  order: PageOrder = 'oldest first',
) {
  requirePageSize(args.first);
  requirePageSize(args.last);
  const page = await resolveCursorConnection(
    {
      args,
      defaultSize: DEFAULT_PAGE,
      maxSize: LARGEST_PAGE,
      toCursor: (row: Row) => cursorTo(row),
    },
    ({ after, before, limit, inverted }: ResolveCursorConnectionArgs): Promise<Row[]> => {
      const isAscending = (order === 'oldest first') !== inverted;
      const [laterThan, earlierThan] = order === 'oldest first' ? [after, before] : [before, after];
      return find({
        after: laterThan === undefined ? undefined : fromCursor(laterThan),
        before: earlierThan === undefined ? undefined : fromCursor(earlierThan),
        direction: isAscending ? 'asc' : 'desc',
        take: limit,
      });
    },
  );
  return { ...page, totalCount };
}

/** A page in Prisma's terms. */
export interface PrismaPage {
  /** To be met besides the list's own condition. */
  beyond: { createdAt: object; OR: object[] }[];
  orderBy: [{ createdAt: 'asc' | 'desc' }, { id: 'asc' | 'desc' }];
  take: number;
}

/** For a list that Prisma reads. */
export function inPrisma<Row>(find: (page: PrismaPage) => Promise<Row[]>) {
  return ({ after, before, direction, take }: PageQuery): Promise<Row[]> =>
    find({
      beyond: [...(after ? [beyond('gt', after)] : []), ...(before ? [beyond('lt', before)] : [])],
      orderBy: [{ createdAt: direction }, { id: direction }],
      take,
    });
}

/** How much a page counts towards an operation's limit. A size that is refused counts as the nearest that is not. */
export function pageComplexity({ first, last }: { first?: number | null; last?: number | null }) {
  const size = first ?? last ?? DEFAULT_PAGE;
  return { field: 1, multiplier: Math.min(Math.max(size, 0), LARGEST_PAGE) };
}

function requirePageSize(size: number | null | undefined): void {
  if (size === null || size === undefined || (size >= 0 && size <= LARGEST_PAGE)) return;
  throw badInput(`A page has from 0 to ${LARGEST_PAGE} items, not ${size}.`);
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

// PostgreSQL has no year 0.
const Cursor = z.tuple([
  z.iso
    .datetime()
    .regex(/^(?!0000)/)
    .transform(text => new Date(text)),
  z.guid(),
]);

/** A cursor that is written when it is asked for: GraphQL takes the value of an object as the text. */
function cursorTo(row: Place): string {
  return { valueOf: () => toCursor(row) } as unknown as string;
}

function toCursor({ createdAt, id }: Place): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

function fromCursor(cursor: string): Place {
  try {
    const [createdAt, id] = Cursor.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    return { createdAt, id };
  } catch {
    throw badInput('This is no cursor of this list. Take `pageInfo.endCursor` of the page before.');
  }
}

function beyond(direction: 'gt' | 'lt', { createdAt, id }: Place) {
  return {
    // Says no more than the rest, in a form that an index can begin at.
    createdAt: { [`${direction}e`]: createdAt },
    OR: [{ createdAt: { [direction]: createdAt } }, { createdAt, id: { [direction]: id } }],
  };
}
