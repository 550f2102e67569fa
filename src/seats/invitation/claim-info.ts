import type { Ctx } from '../../context.ts';
import type { Prisma } from '../../db/client.ts';
import { ResourceNotFound } from '../../domain/errors.ts';
import { inviteeOf, isOpen } from '../rules/invitee.ts';
import { requireSeatFeature } from '../rules/pool.ts';
import { holderEmail } from '../view.ts';
import { hasExpired, NO_INVITATION_FOUND, ofInvitation } from './invitation.ts';
import { lookUpInvitation } from './look-up-invitation.ts';

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

const POOL = {
  include: {
    product: { select: { id: true, name: true } },
    customer: { select: { deletedAt: true } },
    organization: true,
  },
} as const satisfies Prisma.CustomerSeat$subscriptionArgs & Prisma.CustomerSeat$orderArgs;

/**
 * What an invitation is for. Changes nothing, so that a mail scanner that follows the link does no harm.
 * Throws ResourceNotFound for a token that is unknown, used, revoked or expired, or where nobody can claim the seat
 * (`inviteeOf`), and FeatureNotEnabled.
 */
export async function seatClaimInfo(ctx: Ctx, invitationToken: string): Promise<SeatClaimInfo> {
  const seat = await lookUpInvitation(ctx, invitationToken, () => findSeat(ctx, invitationToken));
  const pool = seat?.subscription ?? seat?.order;
  if (!seat || !pool || hasExpired(seat, ctx.now())) {
    throw new ResourceNotFound(NO_INVITATION_FOUND);
  }
  const { product, customer: billingCustomer, organization } = pool;
  requireSeatFeature(organization);
  if (!isOpen(organization)) throw new ResourceNotFound('Organization not found');
  const { customer } = seat;
  if (inviteeOf({ seat, customer, pool, billingCustomer, organization }) === undefined) {
    throw new ResourceNotFound(NO_INVITATION_FOUND);
  }
  if (product === null) throw new ResourceNotFound('Seat has no subscription or order');
  return {
    productName: product.name,
    productId: product.id,
    organizationName: organization.name,
    organizationSlug: organization.slug,
    customerEmail: holderEmail(seat) ?? '',
    canClaim: true,
  };
}

async function findSeat({ db }: Ctx, invitationToken: string) {
  return await db.customerSeat.findFirst({
    where: { ...ofInvitation(invitationToken), status: 'pending' },
    include: {
      member: true,
      customer: { select: { email: true, deletedAt: true } },
      subscription: POOL,
      order: POOL,
    },
  });
}
