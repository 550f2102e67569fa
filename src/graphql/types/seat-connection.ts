import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import type { Ctx } from '../../context.ts';
import type { SeatStatus } from '../../db/generated/prisma/enums.ts';
import type { SeatListKey } from '../../seats/read/page.ts';
import type { PoolCounts } from '../../seats/read/read-pool.ts';
import { builder } from '../builder.ts';
import { pageOf, requireFilter } from '../pages.ts';
import { selectionOf } from '../seat-selection.ts';
import { CustomerSeat } from './customer-seat.ts';

/** Seats in the order of `created_at, id`. */
export const SeatConnection = builder.connectionObject({
  type: CustomerSeat,
  name: 'CustomerSeatConnection',
  description: 'A page of seats, from oldest to newest.',
});

/** One page of a list of seats. */
export function pageOfSeats(
  ctx: Ctx,
  args: DefaultConnectionArguments & { status?: readonly SeatStatus[] | null },
  info: GraphQLResolveInfo,
  list: Omit<SeatListKey, 'status'>,
) {
  requireFilter('status', args.status);
  const selection = selectionOf(info, 'page');
  const wanted = { ...list, status: args.status };
  return pageOf(
    args,
    ['seats', list.of, list.organizationId, list.id, args.status],
    page => ctx.seats.page({ list: wanted, page, selection }),
    () => ctx.seats.length(wanted),
  );
}

/** How many seats of a pool are in one state, where the pool was read without. */
export async function countSeats(
  ctx: Ctx,
  kind: 'subscription' | 'order',
  { organizationId, id }: { organizationId: string; id: string },
  state: keyof PoolCounts,
): Promise<number> {
  const counts = await ctx.seats.counts({ kind, organizationId, id });
  return counts[state];
}
