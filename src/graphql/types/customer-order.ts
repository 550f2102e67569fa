import { mayRead, requireSeatReader } from '../../auth/access.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { pageComplexity } from '../pages.ts';
import { selects } from '../selects.ts';
import { Customer } from './customer.ts';
import { CustomerSeat, SeatStatus } from './customer-seat.ts';
import { countSeats, pageOfSeats, SeatConnection } from './seat-connection.ts';

const OrderStatus = builder.enumType('CustomerOrderStatus', {
  description: 'Where an order stands in its billing life.',
  values: {
    DRAFT: { value: 'draft', description: 'Not sent to the customer. Gives no seats.' },
    PENDING: { value: 'pending', description: 'Not paid for. Gives no seats.' },
    PAID: { value: 'paid', description: 'Paid for.' },
    REFUNDED: { value: 'refunded', description: 'Paid back. Gives no seats.' },
    PARTIALLY_REFUNDED: { value: 'partially_refunded', description: 'Paid back in part.' },
    VOID: { value: 'void', description: 'Never to be paid. Gives no seats.' },
  } as const,
});

/** An order, named like the subscription beside it. */
export const CustomerOrder = builder.prismaObject('Order', {
  name: 'CustomerOrder',
  fields: t => ({
    id: t.expose('id', { type: 'UUID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime', nullable: true }),
    checkoutId: t.expose('checkoutId', { type: 'UUID', nullable: true }),
    status: t.expose('status', { type: OrderStatus }),
    product: t.relation('product', {
      nullable: true,
      description: 'The product that was bought; an order without one gives no seats.',
    }),
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
        pool.pendingSeats ?? countSeats(ctx, 'order', pool, 'pendingSeats'),
    }),
    claimedSeats: t.int({
      description: 'How many seats are taken.',
      resolve: (pool, _args, ctx) =>
        pool.claimedSeats ?? countSeats(ctx, 'order', pool, 'claimedSeats'),
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
          return pageOfSeats(ctx, args, info, { of: 'order', organizationId, id });
        },
      },
      SeatConnection,
    ),
  }),
});

// Not a prismaField: a pool and its page of seats are read so often that the reader joins those of one moment in a statement.
builder.queryField('customerOrder', t =>
  t.field({
    type: CustomerOrder,
    nullable: true,
    description: `One order by its id; null where there is none that you may see. ${READING}`,
    args: { id: t.arg({ type: 'UUID', required: true, description: "The order's id." }) },
    resolve: (_root, { id }, ctx, info) =>
      ctx.seats.poolOf(requireSeatReader(ctx.actor), 'order', {
        id,
        withCounts: selects(info, ['pendingSeats', 'claimedSeats']),
      }),
  }),
);
