import { mayRead } from '../../seats/access.ts';
import { builder } from '../builder.ts';
import { CustomerOrder } from './customer-order.ts';
import { CustomerSubscription } from './customer-subscription.ts';

// The way from a seat to its pool, which in turn knows seats (Prisma asks for the pools of a whole page at once); and from an invitee's seat it leads to somebody else's pool.
builder.prismaObjectFields('CustomerSeat', t => ({
  subscription: t.field({
    type: CustomerSubscription,
    nullable: true,
    description:
      'The subscription whose pool it is from; null for a seat of an order, or where you may not see it.',
    resolve: async ({ organizationId, subscriptionId }, _args, ctx) => {
      if (subscriptionId === null) return null;
      const where = { organizationId_id: { organizationId, id: subscriptionId } };
      const subscription = await ctx.db.subscription.findUnique({ where });
      return mayRead(ctx.actor, subscription) ? subscription : null;
    },
  }),
  order: t.field({
    type: CustomerOrder,
    nullable: true,
    description:
      'The order whose pool it is from; null for a seat of a subscription, or where you may not see it.',
    resolve: async ({ organizationId, orderId }, _args, ctx) => {
      if (orderId === null) return null;
      const where = { organizationId_id: { organizationId, id: orderId } };
      const order = await ctx.db.order.findUnique({ where });
      return mayRead(ctx.actor, order) ? order : null;
    },
  }),
}));
