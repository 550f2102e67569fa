import { randomUUID } from 'node:crypto';
import type { Ctx } from '../../context.ts';
import { ResourceNotFound, TooManyStreams } from '../../domain/errors.ts';
import { hasExpired, NO_INVITATION_FOUND, ofInvitation } from '../invitation-token.ts';
import { type FoundInvitation, findInvitation } from './find-invitation.ts';
import { lookUpInvitation } from './look-up-invitation.ts';

/** The claim of the invitee's own seat. */
export interface ClaimEvent {
  id: string;
  key: 'customer_seat.claimed';
  seatId: string;
  subscriptionId: string | null;
  orderId: string | null;
  productId: string | null;
}

/** The state of a watched invitation; `ended` if it ended unused, or if its seat was revoked since. */
export type ClaimProgress =
  | { state: 'pending' | 'ended' }
  | { state: 'claimed'; event: ClaimEvent };

/** An invitation that somebody watches until it ends. */
export interface ClaimWatch {
  /** The milliseconds until the invitation expires; null if it never does. */
  msLeft: number | null;
  look(): Promise<ClaimProgress>;
  /** Calls `listener` when it is worth looking again; returns the function that unsubscribes it. */
  onChange(listener: () => void): () => void;
  /** Frees this watch's slot for another one. */
  close(): void;
}

/**
 * Watches this invitation only: once its seat's row goes to somebody else, there is nothing more to see. Throws
 * ResourceNotFound for a token that is unknown, used, revoked or expired, or if nobody can claim the seat, and
 * TooManyStreams. The caller closes the watch.
 */
export async function watchClaim(ctx: Ctx, invitationToken: string): Promise<ClaimWatch> {
  const release = ctx.claimStreams.take(invitationToken);
  if (release === undefined) throw new TooManyStreams();
  try {
    const found = await lookUpInvitation(ctx, invitationToken, () =>
      findInvitation(ctx.db, invitationToken, 'pending'),
    );
    if (!stands(ctx, found)) throw new ResourceNotFound(NO_INVITATION_FOUND);
    return watch(ctx, invitationToken, found, release);
  } catch (error) {
    release();
    throw error;
  }
}

function watch(ctx: Ctx, token: string, found: FoundInvitation, release: () => void): ClaimWatch {
  const { organizationId, id, subscriptionId, orderId } = found.seat;
  const { productId } = found.pool;
  const end = found.seat.invitationTokenExpiresAt;
  return {
    msLeft: end && end.getTime() - ctx.now().getTime(),
    onChange: listener => ctx.changes.onChange(id, listener),
    close: release,
    async look() {
      const now = await findInvitation(ctx.db, token, 'pending');
      if (now !== undefined) return { state: stands(ctx, now) ? 'pending' : 'ended' };
      // A claimed seat keeps the hash of the invitation that it was claimed by.
      const count = await ctx.db.customerSeat.count({
        where: { organizationId, id, status: 'claimed', ...ofInvitation(token) },
      });
      if (count === 0) return { state: 'ended' };
      const key = 'customer_seat.claimed';
      const event = {
        id: randomUUID(),
        key,
        seatId: id,
        subscriptionId,
        orderId,
        productId,
      } as const;
      return { state: 'claimed', event };
    },
  };
}

/** Whether an invitation can still be used. As in the reference, a disabled seat feature does not matter here. */
function stands(ctx: Ctx, found: FoundInvitation | undefined): found is FoundInvitation {
  return found !== undefined && found.invitee !== undefined && !hasExpired(found.seat, ctx.now());
}
