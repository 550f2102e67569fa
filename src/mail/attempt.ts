import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { retryDelay } from '../events/retry.ts';
import { type Reservation, reserveInvitation } from './address-limit.ts';
import { MailNotSent, type MailTransport } from './message.ts';
import { prepareInvitation } from './prepare-invitation.ts';
import { prepareWebhookDisabled } from './prepare-webhook-disabled.ts';
import type { MailSource } from './prepared.ts';
import { type LeasedMail, type MailOutcome, recordOutcome, recordRecipient } from './queue.ts';
import { within } from './within.ts';

/** Dependencies and settings of an attempt. */
export interface AttemptSource extends MailSource {
  transport: MailTransport;
  logger: Logger;
  /** Base delay between attempts, in milliseconds. It doubles with each failed attempt. */
  retryDelayMs: number;
  /** Limit of invitations from one organization to one address in an hour; 0 for no limit. */
  invitationsPerHour: number;
}

const ATTEMPT_MS = 30_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const RECORD_TRIES = 5;
const RECORD_PAUSE_MS = 2_000;

/**
 * Attempts to send a mail for at most 30 s and records the outcome. Never rejects: if the outcome cannot be recorded, the
 * mail is attempted again after its lease expires. The log does not contain the recipient.
 */
export async function attemptMail(options: AttemptSource, mail: LeasedMail): Promise<void> {
  const { id, organizationId, kind } = mail;
  const logger = options.logger.child({ mailId: id, organizationId, kind });
  const source = { ...options, logger };
  const outcome = await within(ATTEMPT_MS, signal => send(source, mail, signal)).catch(error =>
    afterFailure(source, mail, error),
  );
  if (outcome === undefined) return;
  try {
    await record(source, mail, outcome);
    logger.info({ outcome: outcome.status, attempts: outcome.attempts }, 'attempted a mail');
  } catch (error) {
    logger.error({ err: error }, 'could not record the outcome of a mail');
  }
}

/** Sends a mail and returns the outcome; undefined if another process has leased the mail. */
async function send(
  source: AttemptSource,
  mail: LeasedMail,
  signal: AbortSignal,
): Promise<MailOutcome | undefined> {
  const { transport, logger } = source;
  const { attempts } = mail;
  const prepare = mail.kind === 'webhook_disabled' ? prepareWebhookDisabled : prepareInvitation;
  const prepared = await prepare(source, mail);
  if (prepared.action === 'leave') {
    const { status, reason: error, recipient } = prepared;
    return { status, attempts, error, ...(recipient !== undefined && { recipient }) };
  }
  const { unusable } = prepared;
  if (unusable.length > 0) logger.warn({ unusable }, 'templates of an organization are invalid');
  const reservation = await reserve(source, mail, prepared.mail.to);
  if (reservation === 'lost') return undefined;
  if (reservation !== 'reserved') {
    return { ...waiting(source, mail, reservation), recipient: prepared.mail.to };
  }
  signal.throwIfAborted();
  await transport.send(prepared.mail, signal);
  return { status: 'sent', attempts: attempts + 1, error: null };
}

/**
 * Checks that this process still has the lease and that the limit of the address allows an invitation. Records the
 * recipient.
 */
async function reserve(source: AttemptSource, mail: LeasedMail, to: string): Promise<Reservation> {
  const { db, now, invitationsPerHour: perHour } = source;
  if (mail.kind !== 'webhook_disabled') {
    return await reserveInvitation(db, mail, to, { perHour, now: now() });
  }
  return (await recordRecipient(db, mail, to)) ? 'reserved' : 'lost';
}

/** Returns the outcome of an invitation that waits because of the limit of its recipient. */
function waiting(source: AttemptSource, { attempts }: LeasedMail, until: Date): MailOutcome {
  const limit = source.invitationsPerHour;
  const error = `The mail waits: the address had ${limit} ${limit === 1 ? 'invitation' : 'invitations'} of the organization within an hour.`;
  return { status: 'pending', attempts, error, nextAttemptAt: until };
}

function afterFailure(source: AttemptSource, mail: LeasedMail, error: unknown): MailOutcome {
  const { logger, now, retryDelayMs } = source;
  const attempts = mail.attempts + 1;
  const isExpected = error instanceof MailNotSent;
  if (isExpected) logger.warn({ code: error.code }, 'a mail was not accepted');
  else logger.error({ err: error }, 'could not prepare a mail');
  const reason = isExpected ? error.message : 'The mail could not be made.';
  if (isExpected && error.isPermanent) {
    return { status: 'failed', attempts, error: reason };
  }
  const delay = Math.min(retryDelay(attempts, retryDelayMs), LONGEST_PAUSE_MS);
  const nextAttemptAt = new Date(now().getTime() + delay);
  return { status: 'pending', attempts, error: reason, nextAttemptAt };
}

/** Records the outcome of a mail. Tries several times if the mail was sent, because it would otherwise be sent again. */
async function record(
  { db, now, logger }: AttemptSource,
  mail: LeasedMail,
  outcome: MailOutcome,
): Promise<void> {
  const tries = outcome.status === 'sent' ? RECORD_TRIES : 1;
  for (let tried = 1; ; tried++) {
    try {
      await recordOutcome(db, mail, outcome, now());
      return;
    } catch (error) {
      if (tried === tries) throw error;
      logger.warn({ err: error }, 'could not yet record that a mail was sent');
      await pause(RECORD_PAUSE_MS);
    }
  }
}
