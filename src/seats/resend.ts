import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { requireSeatManager } from './access.ts';
import { InvalidInvitationToken, SeatNotPending } from './errors.ts';
import { lockSeat } from './find.ts';
import { newInvitation } from './invitation.ts';
import { type InvitedSeat, invitationLink } from './invitation-link.ts';
import { recordEvent } from './outbox.ts';
import { requireSeatFeature } from './source.ts';
import { holderEmail, WITH_HOLDER } from './view.ts';

/**
 * Invites a pending seat's holder anew: a fresh token with a fresh 24 hours, and the old link is dead.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, FeatureNotEnabled, SeatNotPending, and
 * InvalidInvitationToken where there is no address to send to.
 */
export async function resendSeatInvitation(ctx: Ctx, seatId: string): Promise<InvitedSeat> {
  const actor = requireSeatManager(ctx.actor);
  const invited = await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const { seat, source } = await lockSeat(tx, actor, seatId);
    requireSeatFeature(source.organization);
    if (seat.status !== 'pending') throw new SeatNotPending();
    if (holderEmail(seat) === null) throw new InvalidInvitationToken();
    const { organizationId, id } = seat;
    const invited = await tx.customerSeat.update({
      where: { organizationId_id: { organizationId, id }, status: 'pending' },
      data: { ...newInvitation(ctx.secretKey, id, now), modifiedAt: now },
      include: WITH_HOLDER,
    });
    await recordEvent(tx, 'customer_seat.invitation_resent', invited, now);
    return { ...invited, invitationUrl: invitationLink(ctx, invited, source.organization) };
  });
  ctx.changes.announce(seatId);
  return invited;
}
