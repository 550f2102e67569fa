import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Ctx } from '../context.ts';
import { ResourceNotFound } from '../domain/errors.ts';
import { addressKey } from '../email/address-key.ts';

/** Parameters of an unsubscribe link. They are untrusted input. */
export interface OptOutLink {
  organizationId: string;
  mailId: string;
  token: string;
}

/** Subscription of an address to an organization's invitations. */
export interface OptOut {
  organizationName: string;
  /** Recipient of the mail. */
  email: string;
  /** Whether the address has unsubscribed. */
  isOptedOut: boolean;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Returns the link with which a mail's recipient unsubscribes and subscribes again. It is valid while the mail or the
 * opt-out is stored.
 */
export function optOutUrl(
  ctx: Pick<Ctx, 'secretKey' | 'publicUrl'>,
  { organizationId, mailId }: Omit<OptOutLink, 'token'>,
): string {
  const token = optOutToken(ctx.secretKey, organizationId, mailId);
  const query = new URLSearchParams({ organization: organizationId, mail: mailId, token });
  return `${ctx.publicUrl}/unsubscribe?${query}`;
}

/**
 * Returns the opt-out of an unsubscribe link, without changing it. Throws ResourceNotFound if the link is forged or expired.
 */
export async function describeOptOut(
  ctx: Pick<Ctx, 'db' | 'secretKey' | 'previousSecretKey'>,
  link: OptOutLink,
): Promise<OptOut> {
  const { organizationName, email, where } = await resolveLink(ctx, link);
  const isOptedOut = (await ctx.db.mailOptOut.count({ where })) > 0;
  return { organizationName, email, isOptedOut };
}

/**
 * Unsubscribes a mail's recipient from the organization's invitations, ignoring the case of the address. Idempotent. Throws
 * ResourceNotFound as `describeOptOut` does.
 */
export async function optOut(
  ctx: Pick<Ctx, 'db' | 'secretKey' | 'previousSecretKey' | 'now'>,
  link: OptOutLink,
): Promise<OptOut> {
  const { organizationName, email, where } = await resolveLink(ctx, link);
  await ctx.db.mailOptOut.createMany({
    data: { ...where, createdAt: ctx.now(), mailId: link.mailId.toLowerCase() },
    skipDuplicates: true,
  });
  return { organizationName, email, isOptedOut: true };
}

/**
 * Subscribes a mail's recipient to the organization's invitations again. Idempotent. Mails that were skipped meanwhile are
 * not sent. Throws ResourceNotFound as `describeOptOut` does.
 */
export async function optIn(
  ctx: Pick<Ctx, 'db' | 'secretKey' | 'previousSecretKey'>,
  link: OptOutLink,
): Promise<OptOut> {
  const { organizationName, email, where } = await resolveLink(ctx, link);
  await ctx.db.mailOptOut.deleteMany({ where });
  return { organizationName, email, isOptedOut: false };
}

/** Returns which of these addresses have unsubscribed from an organization's invitations, as address keys. */
export async function optedOutAddresses(
  { db }: Pick<Ctx, 'db'>,
  organizationId: string,
  addresses: readonly (string | null)[],
): Promise<Set<string>> {
  const keys = addresses.flatMap(address => (address === null ? [] : [addressKey(address)]));
  if (keys.length === 0) return new Set();
  const rows = await db.mailOptOut.findMany({
    where: { organizationId, email: { in: keys } },
    select: { email: true },
  });
  return new Set(rows.map(({ email }) => email));
}

/**
 * Verifies a link and returns its organization's name, its recipient and the key of the opt-out. Throws ResourceNotFound.
 */
async function resolveLink(
  ctx: Pick<Ctx, 'db' | 'secretKey' | 'previousSecretKey'>,
  link: OptOutLink,
) {
  const organizationId = link.organizationId.toLowerCase();
  const mailId = link.mailId.toLowerCase();
  const isForm = UUID.test(organizationId) && UUID.test(mailId);
  const { secretKey, previousSecretKey = secretKey } = ctx;
  const isKnown = [secretKey, previousSecretKey].some(key =>
    isToken(link.token, optOutToken(key, organizationId, mailId)),
  );
  if (!isForm || !isKnown) {
    throw new ResourceNotFound('Unknown link');
  }
  const organization = await ctx.db.organization.findUnique({
    where: { id: organizationId },
    select: {
      name: true,
      mails: { where: { id: mailId }, select: { recipient: true } },
      mailOptOuts: { where: { mailId }, select: { email: true } },
    },
  });
  // The opt-out remains after its mail is deleted.
  const email = organization?.mails[0]?.recipient ?? organization?.mailOptOuts[0]?.email;
  if (!organization || email === undefined) throw new ResourceNotFound('Unknown link');
  const where = { organizationId, email: addressKey(email) };
  return { organizationName: organization.name, email, where };
}

function optOutToken(secretKey: string, organizationId: string, mailId: string): string {
  return createHmac('sha256', secretKey)
    .update(`unsubscribe:${organizationId}:${mailId}`)
    .digest('base64url');
}

function isToken(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
