import type { Db } from '../db/client.ts';
import { parseEmail } from '../email/parse-email.ts';
import type { MailContent } from './invitation-mail.ts';
import type { OutgoingMail } from './message.ts';
import type { LeasedMail } from './queue.ts';
import { mailHost, type SenderOf } from './sender.ts';
import type { TemplateField } from './templates.ts';

/** Dependencies with which a mail is prepared. */
export interface MailSource {
  db: Db;
  secretKey: string;
  /** The previous key, with which some still valid links were made. */
  previousSecretKey?: string | undefined;
  /** Public address of the server, without a trailing slash. */
  publicUrl: () => string;
  senderOf: SenderOf;
  now: () => Date;
}

/** Result of preparing a mail: the mail to send, or why it is never sent. */
export type Prepared =
  | {
      action: 'send';
      mail: OutgoingMail;
      /** The organization's own templates that are invalid. */
      unusable: readonly TemplateField[];
    }
  | { action: 'leave'; status: 'skipped' | 'failed'; reason: string; recipient?: string };

const GIVE_UP_MS = 3 * 24 * 60 * 60_000;
const LONGEST_REASON = 500;

/** Reason for a mail without a valid recipient. */
export const NO_ADDRESS = 'There is no address to send it to.';

/** Skips a mail permanently, and records the reason and the recipient, if known. */
export function skip(reason: string, recipient?: string): Prepared {
  return {
    action: 'leave',
    status: 'skipped',
    reason,
    ...(recipient !== undefined && { recipient }),
  };
}

/** Ends an expired mail. It has failed if it was attempted, and is skipped otherwise. The reason includes the last error. */
export function expire({ attempts, error }: LeasedMail, reason: string): Prepared {
  const fullReason = `${reason} ${error ?? ''}`.trim().slice(0, LONGEST_REASON);
  return { action: 'leave', status: attempts === 0 ? 'skipped' : 'failed', reason: fullReason };
}

/** Returns whether a mail has expired: at `end`, or three days after its creation if that is null. */
export function isExpired({ createdAt }: LeasedMail, end: Date | null, now: Date): boolean {
  return now.getTime() > (end?.getTime() ?? createdAt.getTime() + GIVE_UP_MS);
}

/** Returns the normalized address; undefined if it is not a valid recipient. */
export function addressOf(email: string | null): string | undefined {
  const parsed = parseEmail(email ?? '');
  return parsed.ok ? parsed.email : undefined;
}

/**
 * Returns the mail to send. The Message-ID is derived from its id, so that clients recognize a mail that is sent twice after
 * a crash.
 */
export function outgoing(
  { publicUrl, senderOf, now }: MailSource,
  { id }: LeasedMail,
  parts: {
    content: MailContent;
    to: string;
    from: string | undefined;
    headers: Record<string, string>;
  },
): OutgoingMail {
  const url = publicUrl();
  const { subject, text, html } = parts.content;
  return {
    messageId: `<${id}@${mailHost(url)}>`,
    date: now(),
    from: senderOf(parts.from, url),
    to: parts.to,
    ...{ subject, text, html },
    // RFC 3834: automatic responders do not answer mails with this header.
    headers: { ...parts.headers, 'Auto-Submitted': 'auto-generated' },
  };
}
