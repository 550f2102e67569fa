import { mayRead } from '../../auth/access.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { poolByEither } from '../pool-by-either.ts';
import { Customer } from './customer.ts';
import { countSeats } from './seat-connection.ts';
import { SeatPool } from './seat-pool.ts';

/** The statuses of a subscription, in the enum style of GraphQL. */
export const SubscriptionStatus = builder.enumType('CustomerSubscriptionStatus', {
  description: 'Billing status of a subscription.',
  values: {
    INCOMPLETE: {
      value: 'incomplete',
      description: 'The first payment is incomplete. No seats can be assigned.',
    },
    INCOMPLETE_EXPIRED: {
      value: 'incomplete_expired',
      description: 'The first payment was never completed. No seats can be assigned.',
    },
    TRIALING: { value: 'trialing', description: 'In a trial period.' },
    ACTIVE: { value: 'active', description: 'Paid.' },
    PAST_DUE: { value: 'past_due', description: 'A payment is overdue and will be retried.' },
    CANCELED: { value: 'canceled', description: 'Ended. No seats can be assigned.' },
    UNPAID: {
      value: 'unpaid',
      description: 'Payment failed permanently. No seats can be assigned.',
    },
    PAUSED: { value: 'paused', description: 'Paused by the customer or the organization.' },
  } as const,
});

/** A subscription, under a name that differs from GraphQL's root type. */
export const CustomerSubscription = builder.prismaObject('Subscription', {
  name: 'CustomerSubscription',
  interfaces: [SeatPool],
  fields: t => ({
    status: t.expose('status', { type: SubscriptionStatus }),
    product: t.relation('product', { description: 'The product that was bought.' }),
    customer: t.field({
      type: Customer,
      nullable: true,
      description: 'The billing customer; null if you are not allowed to see it.',
      select: (_args, _ctx, nested) => ({ customer: nested() }),
      resolve: (pool, _args, ctx) => (mayRead(ctx.actor, pool) ? pool.customer : null),
    }),
    pendingSeats: t.int({
      description: 'The number of seats that are assigned and not claimed.',
      resolve: (pool, _args, ctx) =>
        pool.pendingSeats ?? countSeats(ctx, 'subscription', pool, 'pendingSeats'),
    }),
    claimedSeats: t.int({
      description: 'The number of claimed seats.',
      resolve: (pool, _args, ctx) =>
        pool.claimedSeats ?? countSeats(ctx, 'subscription', pool, 'claimedSeats'),
    }),
  }),
});

// Not a prismaField: a pool and its page of seats are read so often that the reader batches concurrent reads in one
// statement.
builder.queryField('customerSubscription', t =>
  t.field({
    type: CustomerSubscription,
    nullable: true,
    description: `A subscription by exactly one of its ids; null if it does not exist or you are not allowed to see it. ${READING}`,
    args: {
      id: t.arg({ type: 'ID', description: "The subscription's id." }),
      externalId: t.arg.string({
        description: "The subscription's id in the organization's own system.",
      }),
    },
    resolve: (_root, ids, ctx, info) => poolByEither('subscription', ids, ctx, info),
  }),
);
