import { type KnownActor, ownedBy, requireSeatReader } from '../../auth/access.ts';
import type { Db, Prisma } from '../../db/client.ts';
import { findPoolByExternalId } from '../../seats/read/find-pool.ts';
import type { PoolKind } from '../../seats/read/read-pool.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { externalIdOf, SeatSource, toSource } from '../inputs.ts';
import { SeatPool } from './seat-pool.ts';

builder.queryField('seatPool', t =>
  t.field({
    type: SeatPool,
    nullable: true,
    description: `A subscription or an order; null if it does not exist or you are not allowed to see it. ${READING}`,
    args: {
      source: t.arg({
        type: SeatSource,
        required: true,
        description: 'The subscription, the order or the checkout.',
      }),
    },
    resolve: async (_root, { source }, ctx) => {
      const actor = requireSeatReader(ctx.actor);
      const pool = await findSource(ctx.db, actor, source);
      if (pool === undefined) return null;
      const row = await ctx.seats.poolOf<PoolKind>(actor, pool.kind, {
        id: pool.id,
        withCounts: false,
      });
      return row && { ...row, kind: pool.kind };
    },
  }),
);

async function findSource(
  db: Db,
  actor: KnownActor,
  source: typeof SeatSource.$inferInput,
): Promise<{ kind: PoolKind; id: string } | undefined> {
  const external = externalIdOf(source);
  if (external !== undefined) return await findPoolByExternalId(db, actor, external);
  const { kind, id } = toSource(source);
  return kind === 'checkout' ? await findPool(db, actor, id) : { kind, id };
}

/** Returns the pool of a checkout by the same rule as an assignment: its subscription, or else its oldest order. */
async function findPool(
  db: Db,
  actor: KnownActor,
  checkoutId: string,
): Promise<{ kind: PoolKind; id: string } | undefined> {
  const oldest = {
    where: { ...ownedBy(actor), checkoutId, deletedAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  } as const satisfies Prisma.SubscriptionFindFirstArgs & Prisma.OrderFindFirstArgs;
  const subscription = await db.subscription.findFirst(oldest);
  if (subscription !== null) return { kind: 'subscription', id: subscription.id };
  const order = await db.order.findFirst(oldest);
  return order === null ? undefined : { kind: 'order', id: order.id };
}
