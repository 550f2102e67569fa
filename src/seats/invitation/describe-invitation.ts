import { hashToken } from '../../auth/token.ts';
import type { Ctx } from '../../context.ts';
import type { Prisma } from '../../db/client.ts';
import { inviteeOf, isOpen } from '../rules/invitee.ts';
import { sellsBySeat } from '../rules/pool.ts';
import { holderEmail, WITH_HOLDER } from '../view.ts';
import { BUYER, type Buyer, buyerOf } from './buyer.ts';
import { hasExpired } from './invitation.ts';
import { lookUpInvitation } from './look-up-invitation.ts';

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
      /** Who pays for the seat, and invites to it. */
      buyer: Buyer;
      /** When it ends; null is never. */
      expiresAt: Date | null;
    })
  | (InvitationOrigin & { state: 'expired' | 'used' | 'revoked' })
  | { state: 'unknown' };

const POOL = {
  select: {
    customerId: true,
    deletedAt: true,
    product: { select: { name: true } },
    customer: BUYER,
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
  const seat = await lookUpInvitation(ctx, token, () => findSeat(ctx, token));
  return describe(ctx, seat);
}

/**
 * Describes the invitation of the first of several texts that is one's token, and says which it was. All of them count as
 * one wrong token at the most.
 */
export async function describeFirst(
  ctx: Ctx,
  first: string,
  second: string,
): Promise<{ token: string; invitation: InvitationDescription }> {
  let token = first;
  const seat = await lookUpInvitation(ctx, first, async () => {
    const found = await findSeat(ctx, first);
    if (found !== null || second === first) return found;
    token = second;
    return await findSeat(ctx, second);
  });
  return { token, invitation: describe(ctx, seat) };
}

async function findSeat({ db }: Ctx, token: string) {
  return await db.customerSeat.findFirst({
    where: { invitationTokenHash: hashToken(token) },
    // Imported rows may share a token: the one that can be claimed comes first.
    orderBy: { status: 'asc' },
    include: {
      ...WITH_HOLDER,
      customer: { select: { email: true, deletedAt: true } },
      subscription: POOL,
      order: POOL,
    },
  });
}

function describe(ctx: Ctx, seat: Awaited<ReturnType<typeof findSeat>>): InvitationDescription {
  const pool = seat?.subscription ?? seat?.order;
  if (!seat || !pool?.product) return { state: 'unknown' };
  const { organization, product } = pool;
  if (!isOpen(organization) || !sellsBySeat(organization)) return { state: 'unknown' };
  const origin = {
    organizationName: organization.name,
    productName: product.name,
    returnUrl: organization.returnUrl,
  };
  if (seat.status === 'claimed') return { state: 'used', ...origin };
  const { customer } = seat;
  const invitee = inviteeOf({ seat, customer, pool, billingCustomer: pool.customer, organization });
  if (seat.status === 'revoked' || invitee === undefined) return { state: 'revoked', ...origin };
  if (hasExpired(seat, ctx.now())) return { state: 'expired', ...origin };
  const expiresAt = seat.invitationTokenExpiresAt;
  const buyer = buyerOf(pool.customer);
  return { state: 'open', ...origin, email: holderEmail(seat), buyer, expiresAt };
}
