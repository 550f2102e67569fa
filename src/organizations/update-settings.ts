import { organizationOf } from '../auth/access.ts';
import { recordAudit } from '../auth/audit.ts';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import type { Organization } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { type InputIssue, InvalidInput, ResourceNotFound } from '../domain/errors.ts';
import { isStorable, NOT_STORABLE } from '../domain/storable-text.ts';
import { checkTemplates } from '../mail/templates.ts';
import { requireSettingsManager } from './access.ts';
import { checkReturnUrl } from './return-url.ts';

/** A change of settings. A missing setting stays unchanged; null restores the default. */
export interface OrganizationSettingsChange {
  /** Whether usher mails invitations. */
  sendsInvitations?: boolean | undefined;
  /** The hours before the expiry of an invitation at which usher sends a reminder: 1 to 23; null: never. */
  reminderHours?: number | null | undefined;
  /** The URL to which people continue after they claim a seat. */
  returnUrl?: string | null | undefined;
  /** The Mustache templates of invitations. */
  invitationSubject?: string | null | undefined;
  invitationText?: string | null | undefined;
  invitationHtml?: string | null | undefined;
}

const MIN_HOURS = 1;
// An invitation is valid for 24 hours.
const MAX_HOURS = 23;

/**
 * Changes the settings of an organization atomically.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput with all errors.
 */
export async function updateOrganizationSettings(
  ctx: Ctx,
  organizationId: string | null | undefined,
  change: OrganizationSettingsChange,
): Promise<Organization> {
  const actor = requireSettingsManager(ctx.actor);
  const id = organizationOf(actor, organizationId);
  const issues = checkSettings(change);
  if (issues.length > 0) throw new InvalidInput(issues);
  const now = ctx.now();
  return await transaction(ctx.db, async tx => {
    const before = await tx.organization.findFirst({ where: { id, deletedAt: null } });
    const [organization] = await tx.organization.updateManyAndReturn({
      where: { id, deletedAt: null },
      data: { ...change, modifiedAt: now },
    });
    if (before === null || organization === undefined)
      throw new ResourceNotFound('Organization not found');
    const { slug: subjectLabel } = organization;
    const names = Object.keys(change) as (keyof OrganizationSettingsChange)[];
    const changes = names.filter(name => before[name] !== organization[name]);
    const by = recordActor(actor, ctx.channel);
    const audit = { organizationId: id, subjectId: id, subjectLabel, changes, by };
    if (changes.length > 0) await recordAudit(tx, { ...audit, type: 'settings_updated' }, now);
    return organization;
  });
}

/** Returns what is wrong with settings. */
export function checkSettings(change: OrganizationSettingsChange): InputIssue[] {
  const issues: InputIssue[] = [];
  const { reminderHours: hours, returnUrl } = change;
  if (typeof hours === 'number' && !(hours >= MIN_HOURS && hours <= MAX_HOURS)) {
    const message = `From ${MIN_HOURS} to ${MAX_HOURS} hours before the invitation ends.`;
    issues.push({ path: ['reminderHours'], code: 'RANGE', message });
  }
  const problem = typeof returnUrl === 'string' ? checkReturnUrl(returnUrl) : undefined;
  if (problem) issues.push({ path: ['returnUrl'], ...problem });
  return [...issues, ...checkInvitation(change)];
}

/** The setting of each invitation template. */
const SETTINGS = {
  subject: 'invitationSubject',
  text: 'invitationText',
  html: 'invitationHtml',
} as const;

function checkInvitation(change: OrganizationSettingsChange): InputIssue[] {
  const unstorable = Object.values(SETTINGS).filter(setting => !isStorable(change[setting] ?? ''));
  if (unstorable.length > 0) {
    return unstorable.map(setting => ({ path: [setting], code: 'TEXT', message: NOT_STORABLE }));
  }
  const { invitationSubject: subject, invitationText: text, invitationHtml: html } = change;
  return checkTemplates({ subject, text, html }).map(({ field, code, message }) => ({
    path: [SETTINGS[field]],
    code,
    message,
  }));
}
