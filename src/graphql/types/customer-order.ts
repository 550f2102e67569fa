import { mayRead } from '../../auth/access.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { poolByEither } from '../pool-by-either.ts';
import { Customer } from './customer.ts';
import { countSeats } from './seat-connection.ts';
import { SeatPool } from './seat-pool.ts';

/** The statuses of an order, in the enum style of GraphQL. */
export const OrderStatus = builder.enumType('CustomerOrderStatus', {
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
  interfaces: [SeatPool],
  fields: t => ({
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
  }),
});

// Not a prismaField: a pool and its page of seats are read so often that the reader batches concurrent reads in one
// statement.
builder.queryField('customerOrder', t =>
  t.field({
    type: CustomerOrder,
    nullable: true,
    description: `An order by exactly one of its ids; null if it does not exist or you are not allowed to see it. ${READING}`,
    args: {
      id: t.arg({ type: 'ID', description: "The order's id." }),
      externalId: t.arg.string({
        description: "The order's id in the organization's own system.",
      }),
    },
    resolve: (_root, ids, ctx, info) => poolByEither('order', ids, ctx, info),
  }),
);
