import { hashToken } from '../auth/token.ts';
import type { Ctx } from '../context.ts';
import type { Prisma } from '../db/client.ts';
import { hasExpired } from './invitation.ts';
import { lookUpInvitation } from './look-up-invitation.ts';
import { holderEmail, WITH_HOLDER } from './view.ts';

/** What is told of an invitation in whatever state it is: whose it is, and what for. Nothing of it is about a person. */
export interface InvitationOrigin {
  organizationName: string;
  productName: string;
  /** Where people go once they have claimed the seat; null where the organization has no such place. */
  returnUrl: string | null;
}

/**
 * An invitation as the person with its link sees it. `open` can be claimed; `expired` waits for a new link; `used`
 * gave its seat to whoever came with it; `revoked` lost its seat, claimed before or not; `unknown` is every other text.
 */
export type InvitationDescription =
  | (InvitationOrigin & {
      state: 'open';
      /** Who the invitation is for; null where that is not known. */
      email: string | null;
      /** When it ends; null is never. */
      expiresAt: Date | null;
    })
  | (InvitationOrigin & { state: 'expired' | 'used' | 'revoked' })
  | { state: 'unknown' };

const POOL = {
  select: {
    product: { select: { name: true } },
    organization: {
      select: {
        name: true,
        returnUrl: true,
        status: true,
        deletedAt: true,
        seatBasedPricingEnabled: true,
        memberModelEnabled: true,
      },
    },
  },
} as const satisfies Prisma.CustomerSeat$subscriptionArgs & Prisma.CustomerSeat$orderArgs;

/**
 * What has become of an invitation, for any text whatever in place of its token. Changes nothing, so that a mail
 * scanner that follows the link does no harm. Of an organization that is blocked, deleted or sells no seats everything
 * is unknown.
 */
export async function describeInvitation(ctx: Ctx, token: string): Promise<InvitationDescription> {
  const seat = await lookUpInvitation(ctx, token, () =>
    ctx.db.customerSeat.findFirst({
      where: { invitationTokenHash: hashToken(token) },
      // Imported rows may share a token: the one that can be claimed comes first.
      orderBy: { status: 'asc' },
      include: {
        ...WITH_HOLDER,
        customer: { select: { email: true, deletedAt: true } },
        subscription: POOL,
        order: POOL,
      },
    }),
  );
  const pool = seat?.subscription ?? seat?.order;
  if (!seat || !pool?.product) return { state: 'unknown' };
  const { organization, product } = pool;
  const isLive = organization.deletedAt === null && organization.status !== 'blocked';
  if (!isLive || !organization.seatBasedPricingEnabled) return { state: 'unknown' };
  const origin = {
    organizationName: organization.name,
    productName: product.name,
    returnUrl: organization.returnUrl,
  };
  if (seat.status === 'claimed') return { state: 'used', ...origin };
  // With the member model the customer is the buyer, and a seat goes with them.
  const hasBuyer = seat.customer && !(organization.memberModelEnabled && seat.customer.deletedAt);
  if (seat.status === 'revoked' || !hasBuyer) return { state: 'revoked', ...origin };
  if (hasExpired(seat, ctx.now())) return { state: 'expired', ...origin };
  const expiresAt = seat.invitationTokenExpiresAt;
  return { state: 'open', ...origin, email: holderEmail(seat), expiresAt };
}
