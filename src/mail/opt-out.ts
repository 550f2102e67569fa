import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Ctx } from '../context.ts';
import { ResourceNotFound } from '../domain/errors.ts';
import { addressKey } from '../email/address-key.ts';

/** What an unsubscribe link carries; any text may stand in its place. */
export interface OptOutLink {
  organizationId: string;
  mailId: string;
  token: string;
}

/** Who gets invitations or does not, and from whom. */
export interface OptOut {
  organizationName: string;
  /** The address that the mail went to. */
  email: string;
  /** Whether it gets no invitations. */
  isOptedOut: boolean;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The link by which a mail's recipient gets no more of them, and undoes that: good as long as the mail or the opt-out is kept. */
export function optOutUrl(
  ctx: Pick<Ctx, 'secretKey' | 'publicUrl'>,
  { organizationId, mailId }: Omit<OptOutLink, 'token'>,
): string {
  const token = optOutToken(ctx.secretKey, organizationId, mailId);
  const query = new URLSearchParams({ organization: organizationId, mail: mailId, token });
  return `${ctx.publicUrl}/unsubscribe?${query}`;
}

/** What a link is for, and what stands. Changes nothing. Throws ResourceNotFound for every link that was not made here, or is too old. */
export async function describeOptOut(
  ctx: Pick<Ctx, 'db' | 'secretKey'>,
  link: OptOutLink,
): Promise<OptOut> {
  const { organizationName, email, where } = await follow(ctx, link);
  const isOptedOut = (await ctx.db.mailOptOut.count({ where })) > 0;
  return { organizationName, email, isOptedOut };
}

/**
 * Takes a mail's recipient off the organization's invitations, whatever its case; again and again makes no difference.
 * Throws ResourceNotFound as `describeOptOut` does.
 */
export async function optOut(
  ctx: Pick<Ctx, 'db' | 'secretKey' | 'now'>,
  link: OptOutLink,
): Promise<OptOut> {
  const { organizationName, email, where } = await follow(ctx, link);
  await ctx.db.mailOptOut.createMany({
    data: { ...where, createdAt: ctx.now(), mailId: link.mailId.toLowerCase() },
    skipDuplicates: true,
  });
  return { organizationName, email, isOptedOut: true };
}

/**
 * Lets the organization's invitations go to a mail's recipient again; again and again makes no difference. What was
 * skipped meanwhile is not sent. Throws ResourceNotFound as `describeOptOut` does.
 */
export async function optIn(ctx: Pick<Ctx, 'db' | 'secretKey'>, link: OptOutLink): Promise<OptOut> {
  const { organizationName, email, where } = await follow(ctx, link);
  await ctx.db.mailOptOut.deleteMany({ where });
  return { organizationName, email, isOptedOut: false };
}

/** Whose link it is, and where their opt-out is kept. */
async function follow(ctx: Pick<Ctx, 'db' | 'secretKey'>, link: OptOutLink) {
  const organizationId = link.organizationId.toLowerCase();
  const mailId = link.mailId.toLowerCase();
  const isForm = UUID.test(organizationId) && UUID.test(mailId);
  if (!isForm || !isToken(link.token, optOutToken(ctx.secretKey, organizationId, mailId))) {
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
  // What was unsubscribed from is known for longer than its mail is kept.
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
