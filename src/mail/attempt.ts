import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { retryDelay } from '../events/retry.ts';
import { type Hold, holdInvitation } from './address-limit.ts';
import { MailNotSent, type MailTransport } from './message.ts';
import { prepareInvitation } from './prepare-invitation.ts';
import { prepareWebhookDisabled } from './prepare-webhook-disabled.ts';
import type { MailSource } from './prepared.ts';
import { holdMail, type LeasedMail, type MailOutcome, recordOutcome } from './queue.ts';
import { within } from './within.ts';

/** What an attempt needs besides the mail. */
export interface AttemptSource extends MailSource {
  transport: MailTransport;
  logger: Logger;
  /** The delay that doubles with each failed attempt, in milliseconds. */
  retryDelayMs: number;
  /** How many invitations an organization sends to one address within an hour; 0 for any number. */
  invitationsPerHour: number;
}

const ATTEMPT_MS = 30_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const RECORD_TRIES = 5;
const RECORD_PAUSE_MS = 2_000;

/**
 * Attempts to send a mail, for 30 s at the most, and writes down what became of it. Never rejects: what could not be
 * written down is attempted again once the lease has run out. The log says nothing of the recipient.
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
    logger.error({ err: error }, 'could not write down what became of a mail');
  }
}

/** What became of it; undefined where the mail turned out to be another process's. */
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
  if (unusable.length > 0) logger.warn({ unusable }, 'templates of an organization are not usable');
  const hold = await holdFor(source, mail, prepared.mail.to);
  if (hold === 'lost') return undefined;
  if (hold !== 'held') return { ...waiting(source, mail, hold), recipient: prepared.mail.to };
  signal.throwIfAborted();
  await transport.send(prepared.mail, signal);
  return { status: 'sent', attempts: attempts + 1, error: null };
}

/** Makes sure that the mail is this process's to send, and that an invitation may go to the address now. */
async function holdFor(source: AttemptSource, mail: LeasedMail, to: string): Promise<Hold> {
  const { db, now, invitationsPerHour: perHour } = source;
  if (mail.kind !== 'webhook_disabled') {
    return await holdInvitation(db, mail, to, { perHour, now: now() });
  }
  return (await holdMail(db, mail, to)) ? 'held' : 'lost';
}

/** An invitation that is not attempted before another hour has room for it. */
function waiting(source: AttemptSource, { attempts }: LeasedMail, until: Date): MailOutcome {
  const limit = source.invitationsPerHour;
  const error = `The mail waits: the address had ${limit} ${limit === 1 ? 'invitation' : 'invitations'} of the organization within an hour.`;
  return { status: 'pending', attempts, error, nextAttemptAt: until };
}

function afterFailure(source: AttemptSource, mail: LeasedMail, error: unknown): MailOutcome {
  const { logger, now, retryDelayMs } = source;
  const attempts = mail.attempts + 1;
  const isExpected = error instanceof MailNotSent;
  if (isExpected) logger.warn({ code: error.code }, 'a mail was not taken');
  else logger.error({ err: error }, 'a mail could not be made');
  const reason = isExpected ? error.message : 'The mail could not be made.';
  if (isExpected && error.isPermanent) {
    return { status: 'failed', attempts, error: reason };
  }
  const delay = Math.min(retryDelay(attempts, retryDelayMs), LONGEST_PAUSE_MS);
  const nextAttemptAt = new Date(now().getTime() + delay);
  return { status: 'pending', attempts, error: reason, nextAttemptAt };
}

/** Writes down what became of a mail. That it was sent is worth several tries: else it is sent again. */
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
      logger.warn({ err: error }, 'could not yet write down that a mail was sent');
      await pause(RECORD_PAUSE_MS);
    }
  }
}
