import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import type { Ctx } from '../../context.ts';
import type { Prisma } from '../../db/client.ts';
import type { Order, Subscription } from '../../db/generated/prisma/client.ts';
import { ordersWith, subscriptionsWith } from '../../seats/read/pools-by-availability.ts';
import { builder } from '../builder.ts';
import { type ListName, pageOfRows, requireFilter } from '../pages.ts';
import { CustomerOrder } from './customer-order.ts';
import { CustomerSubscription } from './customer-subscription.ts';
import { SeatAvailability } from './seat-availability.ts';

export const SubscriptionConnection = builder.connectionObject({
  type: CustomerSubscription,
  name: 'CustomerSubscriptionConnection',
  description: 'A page of subscriptions, from oldest to newest.',
});

export const OrderConnection = builder.connectionObject({
  type: CustomerOrder,
  name: 'CustomerOrderConnection',
  description: 'A page of orders, from oldest to newest.',
});

const SeatPoolFilter = builder.inputType('SeatPoolFilter', {
  description:
    'Conditions for subscriptions or orders: one has to meet all of them. An empty list is an error.',
  fields: t => ({
    productIds: t.field({ type: ['ID'], description: 'The products.' }),
    seatAvailability: t.field({
      type: [SeatAvailability],
      description: 'Whether a seat can be assigned, and if not, why.',
    }),
  }),
});

/** The arguments of each list of pools. */
export const POOL_LIST = builder.args(t => ({
  filter: t.field({
    type: SeatPoolFilter,
    description: 'Returns only those that meet these conditions.',
  }),
}));

interface Arguments extends DefaultConnectionArguments {
  filter?: typeof SeatPoolFilter.$inferInput | null;
}

/** Returns a page of the subscriptions that meet a condition. */
export function pageOfSubscriptions(
  ctx: Ctx,
  { filter, ...args }: Arguments,
  info: GraphQLResolveInfo,
  list: ListName,
  scope: Prisma.SubscriptionWhereInput,
) {
  const availability = requirePoolFilter(filter);
  const where: Prisma.SubscriptionWhereInput = {
    ...scope,
    ...(filter?.productIds && { productId: { in: filter.productIds } }),
    ...(availability && subscriptionsWith(ctx.db, availability)),
  };
  return pageOfRows<Subscription>(
    { args, ctx, info, type: 'CustomerSubscription', list: named(list, filter) },
    ({ beyond, ...page }) =>
      ctx.db.subscription.findMany({ ...page, where: { ...where, AND: beyond } }),
    () => ctx.db.subscription.count({ where }),
  );
}

/** Returns a page of the orders that meet a condition. */
export function pageOfOrders(
  ctx: Ctx,
  { filter, ...args }: Arguments,
  info: GraphQLResolveInfo,
  list: ListName,
  scope: Prisma.OrderWhereInput,
) {
  const availability = requirePoolFilter(filter);
  const where: Prisma.OrderWhereInput = {
    ...scope,
    ...(filter?.productIds && { productId: { in: filter.productIds } }),
    ...(availability && ordersWith(ctx.db, availability)),
  };
  return pageOfRows<Order>(
    { args, ctx, info, type: 'CustomerOrder', list: named(list, filter) },
    ({ beyond, ...page }) => ctx.db.order.findMany({ ...page, where: { ...where, AND: beyond } }),
    () => ctx.db.order.count({ where }),
  );
}

/** Throws a GraphQLError for an empty filter. Returns the availabilities that the filter names. */
function requirePoolFilter(filter: Arguments['filter']) {
  requireFilter('filter.productIds', filter?.productIds);
  requireFilter('filter.seatAvailability', filter?.seatAvailability);
  return filter?.seatAvailability;
}

const named = (list: ListName, filter: Arguments['filter']): ListName =>
  filter ? [...list, JSON.stringify(filter)] : list;
