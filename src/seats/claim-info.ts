import type { Ctx } from '../context.ts';
import { ResourceNotFound } from './errors.ts';
import { hasExpired, NO_INVITATION_FOUND } from './invitation.ts';
import { lookUpInvitation } from './look-up-invitation.ts';
import { readInvited } from './read-seat.ts';
import { requireSeatFeature } from './rules/pool.ts';
import { holderEmail } from './view.ts';

/** What somebody with an invitation may know before they claim the seat. */
export interface SeatClaimInfo {
  productName: string;
  productId: string;
  organizationName: string;
  organizationSlug: string;
  /** Who the invitation is for; empty where that is not known. */
  customerEmail: string;
  canClaim: true;
}

/**
 * What an invitation is for. Changes nothing, so that a mail scanner that follows the link does no harm.
 * Throws ResourceNotFound for a token that is unknown, used, revoked or expired, or where nobody can claim the seat
 * (`inviteeOf`), and FeatureNotEnabled.
 */
export async function seatClaimInfo(ctx: Ctx, invitationToken: string): Promise<SeatClaimInfo> {
  const found = await lookUpInvitation(ctx, invitationToken, () =>
    readInvited(ctx.sql, invitationToken),
  );
  if (!found || hasExpired(found.seat, ctx.now())) {
    throw new ResourceNotFound(NO_INVITATION_FOUND);
  }
  const { seat, source, product, organization, invitee } = found;
  requireSeatFeature(source.organization);
  if (!organization.isOpen) throw new ResourceNotFound('Organization not found');
  if (invitee === undefined) throw new ResourceNotFound(NO_INVITATION_FOUND);
  const { productId } = source;
  if (product === null || productId === null) {
    throw new ResourceNotFound('Seat has no subscription or order');
  }
  return {
    productName: product.name,
    productId,
    organizationName: organization.name,
    organizationSlug: organization.slug,
    customerEmail: holderEmail(seat) ?? '',
    canClaim: true,
  };
}
