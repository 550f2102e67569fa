import { queryFromInfo } from '@pothos/plugin-prisma';
import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import type { Ctx } from '../../context.ts';
import type { Prisma } from '../../db/client.ts';
import type { CustomerSeat as Seat } from '../../db/generated/prisma/client.ts';
import type { SeatStatus } from '../../db/generated/prisma/enums.ts';
import { builder } from '../builder.ts';
import { pageOf } from '../pages.ts';
import { CustomerSeat } from './customer-seat.ts';

/** Seats in the order of `created_at, id`. */
export const SeatConnection = builder.connectionObject({
  type: CustomerSeat,
  name: 'CustomerSeatConnection',
  description: 'A page of seats, the oldest first.',
});

/** One page of the seats that `pool` selects. */
export function pageOfSeats(
  ctx: Ctx,
  info: GraphQLResolveInfo,
  args: DefaultConnectionArguments & { status?: readonly SeatStatus[] | null },
  pool: Prisma.CustomerSeatWhereInput,
) {
  const where = args.status ? { ...pool, status: { in: [...args.status] } } : pool;
  const selection = queryFromInfo({
    context: ctx,
    info,
    typeName: 'CustomerSeat',
    paths: [['nodes'], ['edges', 'node']],
  });
  return pageOf<Seat>(
    args,
    ({ beyond, ...page }) =>
      ctx.db.customerSeat.findMany({ ...selection, ...page, where: { ...where, AND: beyond } }),
    () => ctx.db.customerSeat.count({ where }),
  );
}
