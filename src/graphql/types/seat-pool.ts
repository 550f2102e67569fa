import { mayRead } from '../../seats/access.ts';
import { builder } from '../builder.ts';
import { CustomerOrder } from './customer-order.ts';
import { CustomerSubscription } from './customer-subscription.ts';

// The way from a seat to its pool, which in turn knows seats; and from an invitee's seat it leads to somebody else's pool.
builder.prismaObjectFields('CustomerSeat', t => ({
  subscription: t.field({
    type: CustomerSubscription,
    nullable: true,
    description:
      'The subscription whose pool it is from; null for a seat of an order, or where you may not see it.',
    select: (_args, _ctx, nested) => ({ subscription: nested() }),
    resolve: ({ subscription }, _args, ctx) =>
      mayRead(ctx.actor, subscription) ? subscription : null,
  }),
  order: t.field({
    type: CustomerOrder,
    nullable: true,
    description:
      'The order whose pool it is from; null for a seat of a subscription, or where you may not see it.',
    select: (_args, _ctx, nested) => ({ order: nested() }),
    resolve: ({ order }, _args, ctx) => (mayRead(ctx.actor, order) ? order : null),
  }),
}));
