import { mayRead, requireSeatReader } from '../../auth/access.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { pageComplexity } from '../pages.ts';
import { selects } from '../selects.ts';
import { Customer } from './customer.ts';
import { CustomerSeat, SeatStatus } from './customer-seat.ts';
import { countSeats, pageOfSeats, SeatConnection } from './seat-connection.ts';

const OrderStatus = builder.enumType('CustomerOrderStatus', {
  description: 'Billing status of an order.',
  values: {
    DRAFT: { value: 'draft', description: 'Not sent to the customer. No seats can be assigned.' },
    PENDING: { value: 'pending', description: 'Not paid. No seats can be assigned.' },
    PAID: { value: 'paid', description: 'Paid.' },
    REFUNDED: { value: 'refunded', description: 'Refunded. No seats can be assigned.' },
    PARTIALLY_REFUNDED: { value: 'partially_refunded', description: 'Partially refunded.' },
    VOID: { value: 'void', description: 'Void. No seats can be assigned.' },
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
      description:
        'The product that was bought. An order without a product has no seats to assign.',
    }),
    customer: t.field({
      type: Customer,
      nullable: true,
      description: 'The billing customer; null if you are not allowed to see it.',
      select: (_args, _ctx, nested) => ({ customer: nested() }),
      resolve: (pool, _args, ctx) => (mayRead(ctx.actor, pool) ? pool.customer : null),
    }),
    totalSeats: t.int({
      description:
        'The number of seats that were bought; 0 if the product is not sold by the seat.',
      resolve: ({ seats }) => seats ?? 0,
    }),
    availableSeats: t.int({
      description: 'The number of free seats. A seat with an expired invitation is not free.',
      resolve: ({ seats, seatsUsed }) => (seats ?? 0) - seatsUsed,
    }),
    pendingSeats: t.int({
      description: 'The number of seats that are assigned and not claimed.',
      resolve: (pool, _args, ctx) =>
        pool.pendingSeats ?? countSeats(ctx, 'order', pool, 'pendingSeats'),
    }),
    claimedSeats: t.int({
      description: 'The number of claimed seats.',
      resolve: (pool, _args, ctx) =>
        pool.claimedSeats ?? countSeats(ctx, 'order', pool, 'claimedSeats'),
    }),
    seats: t.connection(
      {
        type: CustomerSeat,
        nullable: true,
        description:
          'All seats of the pool, including revoked ones, from oldest to newest; null if you are not allowed to see them. `first` is at most 100.',
        args: {
          status: t.arg({
            type: [SeatStatus],
            description: 'Returns only seats with these statuses.',
          }),
        },
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
    description: `An order by id; null if it does not exist or you are not allowed to see it. ${READING}`,
    args: { id: t.arg({ type: 'UUID', required: true, description: "The order's id." }) },
    resolve: (_root, { id }, ctx, info) =>
      ctx.seats.poolOf(requireSeatReader(ctx.actor), 'order', {
        id,
        withCounts: selects(info, ['pendingSeats', 'claimedSeats']),
      }),
  }),
);
