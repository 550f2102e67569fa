import { randomUUID } from 'node:crypto';
import type { Ctx } from '../context.ts';
import { ResourceNotFound } from './errors.ts';
import { findSeat } from './find.ts';
import { hasExpired, withInvitation } from './invitation.ts';
import { lookUpInvitation } from './look-up-invitation.ts';

/** That the invitee's own seat was claimed. */
export interface ClaimEvent {
  id: string;
  key: 'customer_seat.claimed';
  seatId: string;
  subscriptionId: string | null;
  orderId: string | null;
  productId: string | null;
}

/** A pending seat that somebody watches until it is claimed. */
export interface ClaimWatch {
  /** The claim, once it has happened; undefined until then. */
  claimed(): Promise<ClaimEvent | undefined>;
  /** Calls `listener` when it is worth asking again; returns what stops that. */
  onChange(listener: () => void): () => void;
}

/**
 * Watches the seat of an invitation, and no other seat. Throws ResourceNotFound for a token that is unknown, used,
 * revoked or expired.
 */
export async function watchClaim(ctx: Ctx, invitationToken: string): Promise<ClaimWatch> {
  const found = await lookUpInvitation(ctx, invitationToken, () =>
    findSeat(ctx.db, withInvitation(invitationToken)),
  );
  if (!found || hasExpired(found.seat, ctx.now()) || found.seat.customerId === null) {
    throw new ResourceNotFound('Invalid or expired invitation token');
  }
  const { organizationId, id, subscriptionId, orderId } = found.seat;
  const { productId } = found.source;
  return {
    onChange: listener => ctx.changes.onChange(id, listener),
    async claimed() {
      const count = await ctx.db.customerSeat.count({
        where: { organizationId, id, status: 'claimed' },
      });
      if (count === 0) return undefined;
      const key = 'customer_seat.claimed';
      return { id: randomUUID(), key, seatId: id, subscriptionId, orderId, productId };
    },
  };
}
