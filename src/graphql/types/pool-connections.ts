import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import type { Ctx } from '../../context.ts';
import type { Prisma } from '../../db/client.ts';
import type { Order, Subscription } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { type ListName, pageOfRows } from '../pages.ts';
import { CustomerOrder } from './customer-order.ts';
import { CustomerSubscription } from './customer-subscription.ts';

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

/** Returns a page of the subscriptions that meet a condition. */
export function pageOfSubscriptions(
  ctx: Ctx,
  args: DefaultConnectionArguments,
  info: GraphQLResolveInfo,
  list: ListName,
  where: Prisma.SubscriptionWhereInput,
) {
  return pageOfRows<Subscription>(
    { args, ctx, info, type: 'CustomerSubscription', list },
    ({ beyond, ...page }) =>
      ctx.db.subscription.findMany({ ...page, where: { ...where, AND: beyond } }),
    () => ctx.db.subscription.count({ where }),
  );
}

/** Returns a page of the orders that meet a condition. */
export function pageOfOrders(
  ctx: Ctx,
  args: DefaultConnectionArguments,
  info: GraphQLResolveInfo,
  list: ListName,
  where: Prisma.OrderWhereInput,
) {
  return pageOfRows<Order>(
    { args, ctx, info, type: 'CustomerOrder', list },
    ({ beyond, ...page }) => ctx.db.order.findMany({ ...page, where: { ...where, AND: beyond } }),
    () => ctx.db.order.count({ where }),
  );
}
