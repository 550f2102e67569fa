import { queryFromInfo } from '@pothos/plugin-prisma';
import {
  type DefaultConnectionArguments,
  type ResolveCursorConnectionArgs,
  resolveCursorConnection,
} from '@pothos/plugin-relay';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import type { Ctx } from '../../context.ts';
import type { Prisma } from '../../db/client.ts';
import type { CustomerSeat as Seat } from '../../db/generated/prisma/client.ts';
import type { SeatStatus } from '../../db/generated/prisma/enums.ts';
import { builder } from '../builder.ts';
import { CustomerSeat } from './customer-seat.ts';

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 100;

/** Seats in the order of `created_at, id`. */
export const SeatConnection = builder.connectionObject({
  type: CustomerSeat,
  name: 'CustomerSeatConnection',
  description: 'A page of seats, the oldest first.',
});

builder.globalConnectionField('totalCount', t =>
  t.int({
    description: 'How many there are on all pages together.',
    resolve: connection => connection.totalCount(),
  }),
);

/** One page of the seats that `where` selects. A cursor is a place in the order, so it can name no row of anybody else. */
export async function pageOfSeats(
  ctx: Ctx,
  info: GraphQLResolveInfo,
  args: DefaultConnectionArguments & { status?: readonly SeatStatus[] | null },
  pool: Prisma.CustomerSeatWhereInput,
) {
  requirePageSize(args.first);
  requirePageSize(args.last);
  const where = args.status ? { ...pool, status: { in: [...args.status] } } : pool;
  const selection = queryFromInfo({
    context: ctx,
    info,
    typeName: 'CustomerSeat',
    paths: [['nodes'], ['edges', 'node']],
  });
  const page = await resolveCursorConnection(
    {
      args,
      defaultSize: DEFAULT_PAGE,
      maxSize: LARGEST_PAGE,
      toCursor: (seat: Place) => toCursor(seat),
    },
    ({ after, before, limit, inverted }: ResolveCursorConnectionArgs): Promise<Seat[]> => {
      const direction = inverted ? 'desc' : 'asc';
      return ctx.db.customerSeat.findMany({
        ...selection,
        where: {
          AND: [where, after ? beyond('gt', after) : {}, before ? beyond('lt', before) : {}],
        },
        orderBy: [{ createdAt: direction }, { id: direction }],
        take: limit,
      });
    },
  );
  return { ...page, totalCount: () => ctx.db.customerSeat.count({ where }) };
}

function requirePageSize(size: number | null | undefined): void {
  if (size === null || size === undefined || (size >= 0 && size <= LARGEST_PAGE)) return;
  throw badInput(`A page has from 0 to ${LARGEST_PAGE} seats, not ${size}.`);
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

interface Place {
  createdAt: Date;
  id: string;
}

const Cursor = z.tuple([z.iso.datetime().transform(text => new Date(text)), z.guid()]);

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

function beyond(direction: 'gt' | 'lt', cursor: string): Prisma.CustomerSeatWhereInput {
  const { createdAt, id } = fromCursor(cursor);
  return {
    OR: [{ createdAt: { [direction]: createdAt } }, { createdAt, id: { [direction]: id } }],
  };
}
