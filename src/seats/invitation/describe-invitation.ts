import type { Ctx } from '../../context.ts';
import { hasExpired } from '../invitation-token.ts';
import { isOpen } from '../rules/invitee.ts';
import { sellsBySeat } from '../rules/pool.ts';
import { holderEmail } from '../view.ts';
import { type BillingCustomer, billingCustomerOf } from './billing-customer.ts';
import { type FoundInvitation, findInvitation } from './find-invitation.ts';
import { lookUpInvitation } from './look-up-invitation.ts';

/** The organization and product of an invitation in any state. It contains nothing about a person. */
export interface InvitationOrigin {
  organizationName: string;
  productName: string;
  /** Where people go after they claim the seat; null if the organization has no such URL. */
  returnUrl: string | null;
}

/**
 * An invitation as the person with its link sees it. `open` can be claimed; `expired` needs a new link; `used` was claimed;
 * `revoked` lost its seat, claimed before or not; `unknown` is any other text.
 */
export type InvitationDescription =
  | (InvitationOrigin & {
      state: 'open';
      /** Who the invitation is for; null if unknown. */
      email: string | null;
      /** The billing customer, who invites. */
      billingCustomer: BillingCustomer;
      /** When the invitation expires; null for never. */
      expiresAt: Date | null;
    })
  | (InvitationOrigin & { state: 'expired' | 'used' | 'revoked' })
  | { state: 'unknown' };

/**
 * Describes the state of an invitation, for any text in place of its token. Changes nothing, so that a mail scanner that
 * follows the link does no harm. All invitations of an organization that is blocked, deleted or does not sell by the seat
 * are `unknown`.
 */
export async function describeInvitation(ctx: Ctx, token: string): Promise<InvitationDescription> {
  const seat = await lookUpInvitation(ctx, token, () => findInvitation(ctx.db, token));
  return describe(ctx, seat);
}

/**
 * Describes the invitation of `first`, or else of `second`, and returns the matching token. Together they count as one wrong
 * token at most.
 */
export async function describeFirst(
  ctx: Ctx,
  first: string,
  second: string,
): Promise<{ token: string; invitation: InvitationDescription }> {
  let token = first;
  const seat = await lookUpInvitation(ctx, first, async () => {
    const found = await findInvitation(ctx.db, first);
    if (found !== undefined || second === first) return found;
    token = second;
    return await findInvitation(ctx.db, second);
  });
  return { token, invitation: describe(ctx, seat) };
}

function describe(ctx: Ctx, found: FoundInvitation | undefined): InvitationDescription {
  if (found === undefined) return { state: 'unknown' };
  const { seat, pool, invitee } = found;
  const { organization, product } = pool;
  if (product === null) return { state: 'unknown' };
  if (!isOpen(organization) || !sellsBySeat(organization)) return { state: 'unknown' };
  const origin = {
    organizationName: organization.name,
    productName: product.name,
    returnUrl: organization.returnUrl,
  };
  if (seat.status === 'claimed') return { state: 'used', ...origin };
  if (seat.status === 'revoked' || invitee === undefined) return { state: 'revoked', ...origin };
  if (hasExpired(seat, ctx.now())) return { state: 'expired', ...origin };
  const expiresAt = seat.invitationTokenExpiresAt;
  const billingCustomer = billingCustomerOf(pool.customer);
  return { state: 'open', ...origin, email: holderEmail(seat), billingCustomer, expiresAt };
}
