import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Ctx } from '../context.ts';
import { ResourceNotFound } from '../seats/errors.ts';

/** What an unsubscribe link carries; any text may stand in its place. */
export interface OptOutLink {
  organizationId: string;
  mailId: string;
  token: string;
}

/** Who would get no more invitations, and from whom. */
export interface OptOut {
  organizationName: string;
  /** The address that the mail went to. */
  email: string;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The link by which a mail's recipient gets no more of them: good as long as the mail is kept. */
export function optOutUrl(
  ctx: Pick<Ctx, 'secretKey' | 'publicUrl'>,
  { organizationId, mailId }: Omit<OptOutLink, 'token'>,
): string {
  const token = optOutToken(ctx.secretKey, organizationId, mailId);
  const query = new URLSearchParams({ organization: organizationId, mail: mailId, token });
  return `${ctx.publicUrl}/unsubscribe?${query}`;
}

/** What a link would do. Changes nothing. Throws ResourceNotFound for every link that was not made here, or is too old. */
export async function describeOptOut(
  ctx: Pick<Ctx, 'db' | 'secretKey'>,
  link: OptOutLink,
): Promise<OptOut> {
  const organizationId = link.organizationId.toLowerCase();
  const mailId = link.mailId.toLowerCase();
  const isForm = UUID.test(organizationId) && UUID.test(mailId);
  if (!isForm || !isToken(link.token, optOutToken(ctx.secretKey, organizationId, mailId))) {
    throw new ResourceNotFound('Unknown link');
  }
  const mail = await ctx.db.mail.findUnique({
    where: { organizationId_id: { organizationId, id: mailId } },
    select: { recipient: true, organization: { select: { name: true } } },
  });
  if (!mail || mail.recipient === null) throw new ResourceNotFound('Unknown link');
  return { organizationName: mail.organization.name, email: mail.recipient };
}

/**
 * Takes a mail's recipient off the organization's invitations, whatever its case; again and again makes no difference.
 * Throws ResourceNotFound as `describeOptOut` does.
 */
export async function optOut(
  ctx: Pick<Ctx, 'db' | 'secretKey' | 'now'>,
  link: OptOutLink,
): Promise<OptOut> {
  const described = await describeOptOut(ctx, link);
  const organizationId = link.organizationId.toLowerCase();
  await ctx.db.mailOptOut.createMany({
    data: { organizationId, email: optOutKey(described.email), createdAt: ctx.now() },
    skipDuplicates: true,
  });
  return described;
}

/** An address as opt-outs keep it. */
export function optOutKey(email: string): string {
  return email.toLowerCase();
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
