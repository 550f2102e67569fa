import { INVITATION_TEMPLATES } from './invitation-templates.ts';
import { plainLine } from './plain-line.ts';
import { type Inviter, nameAndAddress, sellersName } from './shown-name.ts';
import { type InvitationVariables, renderTemplate, type TemplateField } from './templates.ts';

/** Data of an invitation mail. */
export interface InvitationFacts {
  organizationName: string;
  productName: string;
  /** The billing customer of the seat pool. */
  inviter: Inviter;
  recipientEmail: string;
  claimUrl: string;
  /** Null if the invitation does not expire. */
  expiresAt: Date | null;
  isReminder: boolean;
  unsubscribeUrl: string;
}

/** Content of a mail. */
export interface MailContent {
  /** A single line. */
  subject: string;
  text: string;
  html: string;
}

const LONGEST_SUBJECT = 250;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Returns the content of an invitation or a reminder. It uses the organization's own templates, and usher's template for
 * each part that has none. If an own template is invalid, it uses usher's and lists the part in `unusable`.
 */
export function composeInvitation(
  invitation: InvitationFacts,
  templates: Readonly<Record<TemplateField, string | null>>,
  now: Date,
): MailContent & { unusable: TemplateField[] } {
  const variables = variablesOf(invitation, now);
  const unusable: TemplateField[] = [];
  const rendered = (field: TemplateField): string => {
    const own = templates[field];
    if (own !== null) {
      const result = renderTemplate(field, own, variables);
      if (result !== undefined) return result;
      unusable.push(field);
    }
    const result = renderTemplate(field, INVITATION_TEMPLATES[field], variables);
    if (result === undefined) throw new Error(`usher's own template of the ${field} is broken.`);
    return result;
  };
  return {
    subject: plainLine(rendered('subject'), LONGEST_SUBJECT),
    text: rendered('text'),
    html: rendered('html'),
    unusable,
  };
}

function variablesOf(invitation: InvitationFacts, now: Date): InvitationVariables {
  const { expiresAt } = invitation;
  return {
    organizationName: sellersName(invitation.organizationName),
    productName: sellersName(invitation.productName),
    inviter: nameAndAddress(invitation.inviter),
    inviterName: invitation.inviter.name || invitation.inviter.email,
    inviterEmail: invitation.inviter.email,
    recipientEmail: invitation.recipientEmail,
    claimUrl: invitation.claimUrl,
    expiresAt: expiresAt ? inUtc(expiresAt) : '',
    expiresIn: expiresAt ? timeLeft(expiresAt.getTime() - now.getTime()) : '',
    isReminder: invitation.isReminder ? 'yes' : '',
    unsubscribeUrl: invitation.unsubscribeUrl,
  };
}

/** Formats a time in UTC, such as `22 November 2026 at 14:05 UTC`. */
export function inUtc(date: Date): string {
  const words = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${words.format(date)} UTC`;
}

function timeLeft(ms: number): string {
  const hours = Math.round(ms / HOUR_MS);
  if (hours > 1) return `in about ${hours} hours`;
  return ms >= 45 * MINUTE_MS ? 'in about an hour' : 'in less than an hour';
}
