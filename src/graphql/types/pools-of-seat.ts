import { mayRead } from '../../auth/access.ts';
import { builder } from '../builder.ts';
import { CustomerOrder } from './customer-order.ts';
import { CustomerSubscription } from './customer-subscription.ts';
import { readablePool, SeatPool } from './seat-pool.ts';

// The fields from a seat to its pool. The pool's type refers to seats in turn, so it is defined first. An invitee's seat may
// belong to a pool that the invitee is not allowed to see.
builder.prismaObjectFields('CustomerSeat', t => ({
  subscription: t.field({
    type: CustomerSubscription,
    nullable: true,
    description:
      'The subscription of the seat; null for a seat of an order, or if you are not allowed to see it.',
    select: (_args, _ctx, nested) => ({ subscription: nested() }),
    resolve: ({ subscription }, _args, ctx) =>
      mayRead(ctx.actor, subscription) ? subscription : null,
  }),
  order: t.field({
    type: CustomerOrder,
    nullable: true,
    description:
      'The order of the seat; null for a seat of a subscription, or if you are not allowed to see it.',
    select: (_args, _ctx, nested) => ({ order: nested() }),
    resolve: ({ order }, _args, ctx) => (mayRead(ctx.actor, order) ? order : null),
  }),
  pool: t.field({
    type: SeatPool,
    nullable: true,
    description: 'The subscription or order of the seat; null if you are not allowed to see it.',
    resolve: (seat, _args, ctx) => readablePool(ctx, seat),
  }),
}));
