import type { Ctx } from '../context.ts';
import { requireSeatManager } from './access.ts';
import { assignAtOnce } from './assign-at-once.ts';
import { assignUnderLock } from './assign-under-lock.ts';
import type { AssignSeatInput } from './inputs.ts';
import type { InvitedSeat } from './invitation-link.ts';

/**
 * Gives a seat of a pool to a person: pending with an invitation of 24 hours, or claimed at once.
 * Never oversells the pool, never gives one person two live seats of it, whoever else is assigning.
 * A revoked seat of the pool, the oldest first, is given again before a new one is made.
 *
 * Throws, in this order of checks: Unauthenticated, NotPermitted, ResourceNotFound, SeatNotAvailable (no product),
 * FeatureNotEnabled, SeatNotAvailable (ended, full), then what `resolveRecipient` throws, then SeatAlreadyAssigned.
 */
export async function assignSeat(ctx: Ctx, input: AssignSeatInput): Promise<InvitedSeat> {
  const actor = requireSeatManager(ctx.actor);
  const assigned =
    (await assignAtOnce(ctx, actor, input)) ?? (await assignUnderLock(ctx, actor, input));
  ctx.changes.announce(assigned.id);
  return assigned;
}
