import { requireSeatManager } from '../auth/access.ts';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import { type InvitedSeat, withInvitationLink } from './invitation/invitation-link.ts';
import { newInvitation } from './invitation-token.ts';
import { noChanges } from './rules/changes.ts';
import { decideResend, requireSeat } from './rules/seat.ts';
import { changeSeats } from './store/change-seats.ts';
import { readSeatFacts, seatQueries } from './store/seat-facts.ts';

/**
 * Invites a pending seat's holder again, with a new token valid for another 24 hours; the old link stops working. Throws
 * Unauthenticated, NotPermitted, ResourceNotFound and what `decideResend` throws; then the old link still works.
 */
export async function resendSeatInvitation(ctx: Ctx, seatId: string): Promise<InvitedSeat> {
  const actor = requireSeatManager(ctx.actor);
  const queries = seatQueries(actor, [seatId], 'seats');
  const { seat, organization } = await changeSeats(ctx.sql, queries, looked => {
    const facts = requireSeat(actor, readSeatFacts(looked).get(seatId));
    const now = ctx.now();
    const invitation = newInvitation(ctx.secretKey, seatId, now);
    const { seat, resends } = decideResend(facts, invitation, ctx.resendLimits, now);
    const { organizationId } = seat;
    const tokenHash = invitation.invitationTokenHash;
    return {
      now,
      result: { seat, organization: facts.pool.organization },
      changes: {
        ...noChanges(),
        changedSeats: [seat],
        events: [
          { type: 'customer_seat.invitation_resent', seat, by: recordActor(actor, ctx.channel) },
        ],
        resends:
          resends === undefined ? [] : [{ organizationId, seatId, times: resends, tokenHash }],
      },
    };
  });
  ctx.changes.announce(seatId);
  return withInvitationLink(ctx, seat, organization);
}
