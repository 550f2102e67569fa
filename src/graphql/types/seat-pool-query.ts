import { ownedBy, requireSeatReader } from '../../auth/access.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { SeatSource, toSource } from '../inputs.ts';
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
    resolve: async (_root, { source }, { actor, db }) => {
      const { kind, id } = toSource(source);
      const where = { ...ownedBy(requireSeatReader(actor)), deletedAt: null };
      const condition = kind === 'checkout' ? { checkoutId: id } : { id };
      // As an assignment finds the pool of a checkout.
      const orderBy = [{ createdAt: 'asc' as const }, { id: 'asc' as const }];
      const find = { where: { ...where, ...condition }, orderBy };
      if (kind !== 'order') {
        const subscription = await db.subscription.findFirst(find);
        if (subscription !== null) return { ...subscription, kind: 'subscription' as const };
      }
      if (kind === 'subscription') return null;
      const order = await db.order.findFirst(find);
      return order && { ...order, kind: 'order' as const };
    },
  }),
);
