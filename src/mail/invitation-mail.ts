import { INVITATION_TEMPLATES } from './invitation-templates.ts';
import { plainLine } from './plain-line.ts';
import { type Inviter, nameAndAddress, sellersName } from './shown-name.ts';
import { type InvitationVariables, renderTemplate, type TemplateField } from './templates.ts';

/** What an invitation is about. */
export interface InvitationFacts {
  organizationName: string;
  productName: string;
  /** Whoever gives the seat. */
  inviter: Inviter;
  recipientEmail: string;
  claimUrl: string;
  /** Null where it never ends. */
  expiresAt: Date | null;
  isReminder: boolean;
  unsubscribeUrl: string;
}

/** What a mail says. */
export interface MailContent {
  /** One line. */
  subject: string;
  text: string;
  html: string;
}

const LONGEST_SUBJECT = 250;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * What an invitation or its reminder says, by the organization's own templates where it has them. One that cannot be
 * used gives way to usher's own, and is named in `unusable`.
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

/** A time in words, such as `22 November 2026 at 14:05 UTC`. */
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
