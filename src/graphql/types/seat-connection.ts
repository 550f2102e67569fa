import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import type { Ctx } from '../../context.ts';
import { isStorable } from '../../domain/storable-text.ts';
import {
  countFound,
  findSeats,
  type SeatQuery,
  type SeatScope,
} from '../../seats/read/find-seats.ts';
import type { PoolCounts } from '../../seats/read/read-pool.ts';
import type { SeatFilter } from '../../seats/read/seat-filter.ts';
import type { SeatOrder, SeatPosition } from '../../seats/read/seat-order.ts';
import type { SeatSelection } from '../../seats/read/seat-projection.ts';
import type { SeatView } from '../../seats/view.ts';
import { builder } from '../builder.ts';
import { DATE, type Position, pageBy, pageOf } from '../pages.ts';
import { selectionOf } from '../seat-selection.ts';
import { CustomerSeat } from './customer-seat.ts';
import { CustomerSeatFilter, CustomerSeatOrder, toSeatFilter } from './seat-filter.ts';

/** A page of seats. */
export const SeatConnection = builder.connectionObject({
  type: CustomerSeat,
  name: 'CustomerSeatConnection',
  description: 'A page of seats.',
});

/** The arguments of each list of seats. */
export const SEAT_LIST = builder.args(t => ({
  filter: t.field({
    type: CustomerSeatFilter,
    description: 'Returns only seats that meet these conditions.',
  }),
  orderBy: t.field({
    type: CustomerSeatOrder,
    description: 'The order; from oldest to newest by default.',
  }),
}));

interface Arguments extends DefaultConnectionArguments {
  filter?: typeof CustomerSeatFilter.$inferInput | null;
  orderBy?: typeof CustomerSeatOrder.$inferInput | null;
}

const BY_CREATION: SeatOrder = { field: 'createdAt', direction: 'asc' };

/** Returns a page of the seats of a pool, a member, a customer or an organization. */
export async function pageOfSeats(
  ctx: Ctx,
  { filter: input, orderBy, ...args }: Arguments,
  info: GraphQLResolveInfo,
  scope: SeatScope,
) {
  const filter = toSeatFilter(input);
  const order = orderBy ?? BY_CREATION;
  const selection = selectionOf(info, 'page');
  const { of } = scope;
  if (of !== 'customer' && of !== 'organization' && isPlain(filter, order)) {
    const list = { ...scope, of, status: filter.status };
    return await pageOf(
      args,
      ['seats', of, scope.organizationId, scope.id, filter.status],
      page => ctx.seats.page({ list, page, selection }),
      () => ctx.seats.length(list),
    );
  }

  let since = ctx.now();
  const seesCustomers = 'scopes' in ctx.actor;
  const query: SeatQuery = { scope, filter, order, now: since, seesCustomers };
  const position: Position<SeatView, SeatPosition> = {
    of: seat => [seat[order.field], seat.id, since],
    parse: POSITION[order.field],
  };
  const list = ['seats', of, scope.organizationId, scope.id, order.field, order.direction];
  return await pageBy(
    position,
    args,
    [...list, JSON.stringify(filter)],
    part => {
      since = (part.after ?? part.before)?.since ?? since;
      return findSeats(ctx.sql, query, part, withKey(selection, order));
    },
    () => countFound(ctx.sql, query),
  );
}

/** Returns whether concurrent requests can share the reads of a list's pages. */
function isPlain({ status: _, ...others }: SeatFilter, order: SeatOrder): boolean {
  const isUnfiltered = Object.values(others).every(value => value === null || value === undefined);
  return isUnfiltered && order.field === 'createdAt' && order.direction === 'asc';
}

/** Adds the columns that cursors need. */
function withKey(selection: SeatSelection | 'everything', { field }: SeatOrder) {
  if (selection === 'everything') return selection;
  return { ...selection, seat: new Set(selection.seat).add(field).add('createdAt') };
}

const position = <Key extends Date | string | null>(key: z.ZodType<Key>) =>
  z.tuple([key, z.guid(), DATE]).transform(([key, id, since]) => ({ key, id, since }));

const POSITION = {
  createdAt: position(DATE),
  assignedAt: position(DATE),
  claimedAt: position(DATE.nullable()),
  invitationTokenExpiresAt: position(DATE.nullable()),
  email: position(z.string().max(320).refine(isStorable).nullable()),
};

/** Counts the seats of a pool in one status, for a pool that was read without counts. */
export async function countSeats(
  ctx: Ctx,
  kind: 'subscription' | 'order',
  { organizationId, id }: { organizationId: string; id: string },
  state: keyof PoolCounts,
): Promise<number> {
  const counts = await ctx.seats.counts({ kind, organizationId, id });
  return counts[state];
}
