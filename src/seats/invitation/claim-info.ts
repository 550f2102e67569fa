import type { Ctx } from '../../context.ts';
import { ResourceNotFound } from '../../domain/errors.ts';
import { hasExpired, NO_INVITATION_FOUND } from '../invitation-token.ts';
import { onPrimary } from '../read/reading.ts';
import { isOpen } from '../rules/invitee.ts';
import { requireSeatFeature } from '../rules/pool.ts';
import { holderEmail } from '../view.ts';
import { findInvitation } from './find-invitation.ts';
import { lookUpInvitation } from './look-up-invitation.ts';

/** What the holder of an invitation may know before claiming the seat. */
export interface SeatClaimInfo {
  productName: string;
  productId: string;
  organizationName: string;
  organizationSlug: string;
  /** Who the invitation is for; empty if unknown. */
  customerEmail: string;
  canClaim: true;
}

/**
 * Returns what an invitation is for. Changes nothing, so that a mail scanner that follows the link does no harm. Throws
 * ResourceNotFound for a token that is unknown, used, revoked or expired, or if nobody can claim the seat (`inviteeOf`), and
 * FeatureNotEnabled.
 */
export async function seatClaimInfo(given: Ctx, invitationToken: string): Promise<SeatClaimInfo> {
  const ctx = onPrimary(given);
  const found = await lookUpInvitation(ctx, invitationToken, () =>
    findInvitation(ctx.db, invitationToken, 'pending'),
  );
  if (found === undefined || hasExpired(found.seat, ctx.now())) {
    throw new ResourceNotFound(NO_INVITATION_FOUND);
  }
  const { product, organization } = found.pool;
  requireSeatFeature(organization);
  if (!isOpen(organization)) throw new ResourceNotFound('Organization not found');
  if (found.invitee === undefined) throw new ResourceNotFound(NO_INVITATION_FOUND);
  if (product === null) throw new ResourceNotFound('Seat has no subscription or order');
  return {
    productName: product.name,
    productId: product.id,
    organizationName: organization.name,
    organizationSlug: organization.slug,
    customerEmail: holderEmail(found.seat) ?? '',
    canClaim: true,
  };
}
