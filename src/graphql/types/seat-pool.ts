import type { GraphQLResolveInfo } from 'graphql';
import { mayRead } from '../../auth/access.ts';
import type { Ctx } from '../../context.ts';
import type { Order, Subscription } from '../../db/generated/prisma/client.ts';
import type { PoolKind } from '../../seats/read/read-pool.ts';
import { availabilityOf } from '../../seats/rules/pool.ts';
import { poolOfSeat } from '../../seats/source.ts';
import { builder } from '../builder.ts';
import { pageComplexity } from '../pages.ts';
import { Customer } from './customer.ts';
import { CustomerSeat } from './customer-seat.ts';
import { Product } from './product.ts';
import { SeatAvailability } from './seat-availability.ts';
import { pageOfSeats, SEAT_LIST, SeatConnection } from './seat-connection.ts';
import { SeatUsage } from './seat-usage.ts';

type Pool = (Subscription | Order) & { kind?: PoolKind };

/** A subscription or an order. Their types add what Prisma loads with them. */
export const SeatPool = builder.interfaceRef<Pool>('SeatPool');

builder.interfaceType(SeatPool, {
  description: 'A subscription or an order, whose seats are assigned.',
  resolveType: pool => (pool.kind === 'order' ? 'CustomerOrder' : 'CustomerSubscription'),
  fields: t => ({
    id: t.expose('id', { type: 'ID', description: 'The id of the subscription or order.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    modifiedAt: t.expose('modifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last changed; null until the first change.',
    }),
    externalId: t.expose('externalId', {
      type: 'String',
      nullable: true,
      description: "The id in the organization's own system, such as that of its billing system.",
    }),
    checkoutId: t.expose('checkoutId', {
      type: 'ID',
      nullable: true,
      description: 'The checkout of the purchase.',
    }),
    customer: t.field({
      type: Customer,
      nullable: true,
      description: 'The billing customer; null if you are not allowed to see it.',
    }),
    product: t.field({
      type: Product,
      nullable: true,
      description: 'The product that was bought.',
    }),
    totalSeats: t.int({
      description:
        'The number of seats that were bought; 0 if the product is not sold by the seat.',
      resolve: ({ seats }) => seats ?? 0,
    }),
    availableSeats: t.int({
      description:
        'The number of free seats; 0 for an oversold pool. A seat with an expired invitation is not free.',
      resolve: ({ seats, seatsUsed }) => Math.max(0, (seats ?? 0) - seatsUsed),
    }),
    seatAvailability: t.field({
      type: SeatAvailability,
      description: 'Whether a seat can be assigned, and if not, why.',
      // Not a relation, because Prisma would join it to each pool of a page.
      resolve: async (pool, _args, ctx) => {
        const organization = await ctx.seats.organization(pool.organizationId);
        return availabilityOf({ ...pool, organization });
      },
    }),
    usage: t.field({
      type: SeatUsage,
      description: 'How the seats are used.',
      resolve: ({ organizationId, id }, _args, ctx, info) =>
        ctx.seats.usage({ of: kindOf(info), organizationId, id }, ctx.now()),
    }),
    seats: t.connection(
      {
        type: CustomerSeat,
        nullable: true,
        description:
          'All seats of the pool, including revoked ones; null if you are not allowed to see them. `first` is at most 100.',
        args: SEAT_LIST,
        complexity: pageComplexity,
        resolve: (pool, args, ctx, info) => {
          if (!mayRead(ctx.actor, pool)) return null;
          const { organizationId, id } = pool;
          return pageOfSeats(ctx, args, info, { of: kindOf(info), organizationId, id });
        },
      },
      SeatConnection,
    ),
  }),
});

/** Returns the kind of the pool whose field is resolved. */
function kindOf({ parentType }: GraphQLResolveInfo): PoolKind {
  return parentType.name === 'CustomerOrder' ? 'order' : 'subscription';
}

/** Returns a pool that the caller has just changed, and may see. */
export async function poolOf(
  { seats }: Ctx,
  { kind, organizationId, id }: { kind: PoolKind; organizationId: string; id: string },
): Promise<Pool> {
  const pool = await seats.pool({ kind, organizationId, id });
  if (!pool) throw new Error(`The ${kind} ${id} of a change is gone.`);
  return { ...pool, kind };
}

/** Returns the pool of a seat; null if the caller is not allowed to see it. */
export async function readablePool(
  { actor, seats }: Ctx,
  seat: Parameters<typeof poolOfSeat>[0],
): Promise<Pool | null> {
  const key = poolOfSeat(seat);
  const pool = await seats.pool(key);
  return pool && mayRead(actor, pool) ? { ...pool, kind: key.kind } : null;
}
