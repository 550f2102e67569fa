import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { type KnownActor, requireSeatManager } from './access.ts';
import { changeAtOnce } from './change-at-once.ts';
import { InvalidInvitationToken, SeatNotPending } from './errors.ts';
import { type FoundSeat, findInvited, lockSeat, requireFound } from './find.ts';
import { newInvitation } from './invitation.ts';
import { type InvitedSeat, invitationLink } from './invitation-link.ts';
import type { Invitee } from './invitee.ts';
import { recordEvent } from './outbox.ts';
import { readInvitedById } from './read-seat.ts';
import { countResend, mailsHolder, resendValues } from './resend-limits.ts';
import { requireSeatFeature } from './source.ts';
import { holderEmail, WITH_HOLDER } from './view.ts';

/**
 * Invites a pending seat's holder anew: a fresh token with a fresh 24 hours, and the old link is dead.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, FeatureNotEnabled, SeatNotPending, InvalidInvitationToken
 * where nobody can claim the seat (`inviteeOf`) or there is no address to send to, InvitationsDeclined where the holder
 * has unsubscribed, and RateLimited where the invitation was resent too often. Whatever it throws, the old link is as
 * good as before.
 */
export async function resendSeatInvitation(ctx: Ctx, seatId: string): Promise<InvitedSeat> {
  const actor = requireSeatManager(ctx.actor);
  const invited =
    (await resendAtOnce(ctx, actor, seatId)) ?? (await resendUnderLock(ctx, actor, seatId));
  ctx.changes.announce(seatId);
  return invited;
}

const EVENT = 'customer_seat.invitation_resent';

/** Reads and then writes, one statement each; undefined where the seat changed in between or is not to be resent. */
async function resendAtOnce(
  ctx: Ctx,
  actor: KnownActor,
  seatId: string,
): Promise<InvitedSeat | undefined> {
  const found = requireFound(await readInvitedById(ctx.sql, actor, seatId), actor);
  requireWaiting(found);
  const at = ctx.now();
  const changed = {
    ...found.seat,
    ...newInvitation(ctx.secretKey, seatId, at),
    modifiedAt: at,
  };
  const resend = mailsHolder(found) ? resendValues(found, ctx.resendLimits) : undefined;
  const change = { changed, event: EVENT, at, freesPlace: false, resend } as const;
  if (!(await changeAtOnce(ctx, found, change))) return undefined;
  return { ...changed, invitationUrl: invitationLink(ctx, changed, found.source.organization) };
}

async function resendUnderLock(ctx: Ctx, actor: KnownActor, seatId: string): Promise<InvitedSeat> {
  return await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const { seat } = await lockSeat(tx, actor, seatId);
    const { organizationId, id } = seat;
    const found = requireFound(await findInvited(tx, { organizationId, id }), actor);
    requireWaiting(found);
    const invitation = newInvitation(ctx.secretKey, id, now);
    if (mailsHolder(found)) await countResend(tx, found, invitation, ctx.resendLimits, now);
    const invited = await tx.customerSeat.update({
      where: { organizationId_id: { organizationId, id }, status: 'pending' },
      data: { ...invitation, modifiedAt: now },
      include: WITH_HOLDER,
    });
    await recordEvent(tx, EVENT, invited, now);
    return { ...invited, invitationUrl: invitationLink(ctx, invited, found.source.organization) };
  });
}

/** Passes a seat whose holder can be invited. Throws FeatureNotEnabled, SeatNotPending, InvalidInvitationToken. */
function requireWaiting({
  seat,
  source,
  invitee,
}: FoundSeat & { invitee: Invitee | undefined }): void {
  requireSeatFeature(source.organization);
  if (seat.status !== 'pending') throw new SeatNotPending();
  if (invitee === undefined || holderEmail(seat) === null) throw new InvalidInvitationToken();
}
