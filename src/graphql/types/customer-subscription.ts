import { mayRead, requireSeatReader } from '../../auth/access.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { pageComplexity } from '../pages.ts';
import { selects } from '../selects.ts';
import { Customer } from './customer.ts';
import { CustomerSeat, SeatStatus } from './customer-seat.ts';
import { countSeats, pageOfSeats, SeatConnection } from './seat-connection.ts';

const SubscriptionStatus = builder.enumType('CustomerSubscriptionStatus', {
  description: 'Where a subscription stands in its billing life.',
  values: {
    INCOMPLETE: {
      value: 'incomplete',
      description: 'The first payment is not through. Gives no seats.',
    },
    INCOMPLETE_EXPIRED: {
      value: 'incomplete_expired',
      description: 'The first payment never came. Gives no seats.',
    },
    TRIALING: { value: 'trialing', description: 'In its trial.' },
    ACTIVE: { value: 'active', description: 'Paid for.' },
    PAST_DUE: { value: 'past_due', description: 'A payment is late, and is tried again.' },
    CANCELED: { value: 'canceled', description: 'Has ended. Gives no seats.' },
    UNPAID: { value: 'unpaid', description: 'A payment failed for good. Gives no seats.' },
    PAUSED: { value: 'paused', description: 'Paused by the customer or the organization.' },
  } as const,
});

/** A subscription, under a name that is not GraphQL's own root type. */
export const CustomerSubscription = builder.prismaObject('Subscription', {
  name: 'CustomerSubscription',
  fields: t => ({
    id: t.expose('id', { type: 'UUID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime', nullable: true }),
    checkoutId: t.expose('checkoutId', { type: 'UUID', nullable: true }),
    status: t.expose('status', { type: SubscriptionStatus }),
    product: t.relation('product', { description: 'The product that was bought.' }),
    customer: t.field({
      type: Customer,
      nullable: true,
      description: 'The customer who pays; null where you may not see them.',
      select: (_args, _ctx, nested) => ({ customer: nested() }),
      resolve: (pool, _args, ctx) => (mayRead(ctx.actor, pool) ? pool.customer : null),
    }),
    totalSeats: t.int({
      description: 'How many seats were bought; 0 where it is not sold by the seat.',
      resolve: ({ seats }) => seats ?? 0,
    }),
    availableSeats: t.int({
      description: 'How many seats are free. An expired invitation still holds its seat.',
      resolve: ({ seats, seatsUsed }) => (seats ?? 0) - seatsUsed,
    }),
    pendingSeats: t.int({
      description: 'How many seats wait to be claimed.',
      resolve: (pool, _args, ctx) =>
        pool.pendingSeats ?? countSeats(ctx, 'subscription', pool, 'pendingSeats'),
    }),
    claimedSeats: t.int({
      description: 'How many seats are taken.',
      resolve: (pool, _args, ctx) =>
        pool.claimedSeats ?? countSeats(ctx, 'subscription', pool, 'claimedSeats'),
    }),
    seats: t.connection(
      {
        type: CustomerSeat,
        nullable: true,
        description:
          'The seats of this pool, revoked ones too, the oldest first; null where you may not see them. `first` up to 100.',
        args: { status: t.arg({ type: [SeatStatus], description: 'Only seats in these states.' }) },
        complexity: pageComplexity,
        resolve: (pool, args, ctx, info) => {
          if (!mayRead(ctx.actor, pool)) return null;
          const { organizationId, id } = pool;
          return pageOfSeats(ctx, args, info, { of: 'subscription', organizationId, id });
        },
      },
      SeatConnection,
    ),
  }),
});

// Not a prismaField: a pool and its page of seats are read so often that the reader joins those of one moment in a statement.
builder.queryField('customerSubscription', t =>
  t.field({
    type: CustomerSubscription,
    nullable: true,
    description: `One subscription by its id; null where there is none that you may see. ${READING}`,
    args: { id: t.arg({ type: 'UUID', required: true, description: "The subscription's id." }) },
    resolve: (_root, { id }, ctx, info) =>
      ctx.seats.poolOf(requireSeatReader(ctx.actor), 'subscription', {
        id,
        withCounts: selects(info, ['pendingSeats', 'claimedSeats']),
      }),
  }),
);
