import { organizationsInReach } from '../../auth/access.ts';
import type { Actor } from '../../auth/actor.ts';
import type { Ctx } from '../../context.ts';
import type { CustomerSeat } from '../../db/generated/prisma/client.ts';
import { claimUrl, hasExpired, knownInvitationToken } from '../invitation-token.ts';
import type { SeatView } from '../view.ts';

/** A seat that was just assigned or invited again, with its invitation link if the caller is to pass it on. */
export type InvitedSeat = SeatView & { invitationUrl: string | null };

/** The fields that decide whether there is a link, and that make it. */
type Invitation = Pick<
  CustomerSeat,
  | 'organizationId'
  | 'id'
  | 'status'
  | 'invitationNonce'
  | 'invitationTokenHash'
  | 'invitationTokenExpiresAt'
>;

/**
 * Returns the claim link of a pending seat if its organization sends no invitations itself: for an access token with
 * `customer_seats:write`, while the invitation is valid and its key is known. Null in every other case, and for every
 * session.
 */
function invitationLink(
  ctx: Ctx,
  seat: Invitation,
  organization: { sendsInvitations: boolean },
): string | null {
  const { status, invitationNonce } = seat;
  if (organization.sendsInvitations || !handsOutLinks(ctx.actor, seat)) return null;
  if (status !== 'pending' || invitationNonce === null || hasExpired(seat, ctx.now())) return null;
  const token = knownInvitationToken(ctx, seat);
  return token === undefined ? null : claimUrl(ctx.publicUrl, token);
}

/** Returns a seat with its `invitationLink`. */
export function withInvitationLink(
  ctx: Ctx,
  seat: SeatView,
  organization: { sendsInvitations: boolean },
): InvitedSeat {
  return { ...seat, invitationUrl: invitationLink(ctx, seat, organization) };
}

/** `invitationLink` for a seat whose organization must be looked up, unless the seat already has its link. */
export async function findInvitationLink(
  ctx: Ctx,
  seat: Invitation & Partial<Pick<InvitedSeat, 'invitationUrl'>>,
): Promise<string | null> {
  if (seat.invitationUrl !== undefined) return seat.invitationUrl;
  if (invitationLink(ctx, seat, { sendsInvitations: false }) === null) return null;
  const organization = await ctx.db.organization.findUnique({
    where: { id: seat.organizationId },
    select: { sendsInvitations: true },
  });
  return organization && invitationLink(ctx, seat, organization);
}

function handsOutLinks(actor: Actor, { organizationId }: Invitation): boolean {
  return (
    'scopes' in actor &&
    actor.scopes.includes('customer_seats:write') &&
    organizationsInReach(actor).includes(organizationId)
  );
}
