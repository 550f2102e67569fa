import type { Prisma } from '../db/client.ts';
import { addressKey } from '../email/address-key.ts';
import { BILLING_CUSTOMER, billingCustomerOf } from '../seats/invitation/billing-customer.ts';
import { claimUrl, knownInvitationToken } from '../seats/invitation-token.ts';
import { inviteeOf } from '../seats/rules/invitee.ts';
import { sellsBySeat } from '../seats/rules/pool.ts';
import { holderEmail } from '../seats/view.ts';
import { composeInvitation } from './invitation-mail.ts';
import { MailNotSent } from './message.ts';
import { optOutUrl } from './opt-out.ts';
import {
  addressOf,
  expire,
  isExpired,
  type MailSource,
  NO_ADDRESS,
  outgoing,
  type Prepared,
  skip,
} from './prepared.ts';
import type { LeasedMail } from './queue.ts';
import { inviterOf } from './shown-name.ts';

const POOL = {
  select: {
    customerId: true,
    deletedAt: true,
    product: { select: { name: true } },
    customer: BILLING_CUSTOMER,
    organization: true,
  },
} as const satisfies Prisma.CustomerSeat$subscriptionArgs & Prisma.CustomerSeat$orderArgs;

const SEAT = {
  member: true,
  customer: { select: { email: true, deletedAt: true } },
  subscription: POOL,
  order: POOL,
} as const;

type InvitedSeat = Prisma.CustomerSeatGetPayload<{ include: typeof SEAT }>;
type Organization = NonNullable<InvitedSeat['subscription']>['organization'];

const OTHER_KEY =
  'The link was made with another SECRET_KEY. It is mailed once SECRET_KEY_PREVIOUS is that key.';

/**
 * Prepares an invitation or a reminder. Skips it if the invitation is no longer current or the recipient has unsubscribed.
 */
export async function prepareInvitation(source: MailSource, mail: LeasedMail): Promise<Prepared> {
  const { db, secretKey, now } = source;
  const { organizationId, seatId } = mail;
  const seat =
    seatId === null
      ? null
      : await db.customerSeat.findUnique({
          where: { organizationId_id: { organizationId, id: seatId } },
          include: SEAT,
        });
  const pool = seat?.subscription ?? seat?.order;
  if (!seat || !pool?.product) return skip('The seat or its product is gone.');
  const { organization } = pool;
  const reason = organizationReason(mail, organization) ?? outdatedReason(mail, seat);
  if (reason !== undefined) return skip(reason);
  const { customer } = seat;
  if (!inviteeOf({ seat, customer, pool, billingCustomer: pool.customer, organization })) {
    return skip('Nobody can claim the seat.');
  }
  // A pending seat has the nonce from which its token is derived, unless it was imported with its token.
  if (seat.invitationNonce === null) return skip('The link is not known here.');
  const expiresAt = seat.invitationTokenExpiresAt;
  if (isExpired(mail, expiresAt, now())) {
    return expire(mail, 'The invitation ended before it was sent.');
  }
  const to = addressOf(holderEmail(seat));
  if (to === undefined) return skip(NO_ADDRESS);
  const email = addressKey(to);
  const optedOut = await db.mailOptOut.findUnique({
    where: { organizationId_email: { organizationId, email } },
  });
  if (optedOut)
    return skip('The recipient has unsubscribed from invitations of the organization.', to);
  if (mail.kind === 'reminder' && (await isInvitationPending(source, mail))) {
    return skip('The invitation itself is still on its way.');
  }

  const publicUrl = source.publicUrl();
  const token = knownInvitationToken(source, seat);
  if (token === undefined) throw new MailNotSent(OTHER_KEY, 'SECRET_KEY');
  const unsubscribeUrl = optOutUrl({ secretKey, publicUrl }, { organizationId, mailId: mail.id });
  const { unusable, ...content } = composeInvitation(
    {
      organizationName: organization.name,
      productName: pool.product.name,
      inviter: inviterOf(billingCustomerOf(pool.customer)),
      recipientEmail: to,
      claimUrl: claimUrl(publicUrl, token),
      expiresAt,
      isReminder: mail.kind === 'reminder',
      unsubscribeUrl,
    },
    {
      subject: organization.invitationSubject,
      text: organization.invitationText,
      html: organization.invitationHtml,
    },
    now(),
  );
  // RFC 8058: mail clients with one-click unsubscribe send a POST to the same link.
  const headers = {
    'List-Unsubscribe': `<${unsubscribeUrl}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
  const parts = { content, to, from: organization.name, headers };
  return { action: 'send', mail: outgoing(source, mail, parts), unusable };
}

/** Returns why the organization does not send a mail of this kind; undefined if it does. */
function organizationReason({ kind }: LeasedMail, organization: Organization): string | undefined {
  if (organization.deletedAt !== null) return 'The organization was deleted.';
  if (organization.status === 'blocked') return 'The organization is blocked.';
  if (!organization.sendsInvitations) return 'The organization sends no invitations.';
  if (!sellsBySeat(organization)) return 'The organization sells no seats.';
  if (kind === 'reminder' && organization.reminderHours === null) {
    return 'The organization sends no reminders.';
  }
  return undefined;
}

/** Returns why the invitation is no longer current; undefined if it still is. */
function outdatedReason(mail: LeasedMail, seat: InvitedSeat): string | undefined {
  if (seat.status === 'claimed') return 'The seat was claimed.';
  if (seat.status === 'revoked') return 'The seat was revoked.';
  const [own, current] = [mail.invitationTokenHash, seat.invitationTokenHash];
  const isSame = own !== null && current !== null && Buffer.compare(own, current) === 0;
  return isSame ? undefined : 'A newer invitation took its place.';
}

/**
 * Returns whether the invitation itself is still pending, which makes its reminder redundant. If the invitation has failed,
 * the reminder is still sent.
 */
async function isInvitationPending({ db }: MailSource, mail: LeasedMail): Promise<boolean> {
  const { organizationId, seatId, invitationTokenHash } = mail;
  const count = await db.mail.count({
    where: {
      organizationId,
      seatId,
      kind: 'invitation',
      // Of this invitation only. A reminder without a hash was skipped above.
      invitationTokenHash: invitationTokenHash && new Uint8Array(invitationTokenHash),
      status: 'pending',
    },
  });
  return count > 0;
}
