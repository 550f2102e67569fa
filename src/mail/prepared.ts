import type { Db } from '../db/client.ts';
import { parseEmail } from '../email/parse-email.ts';
import type { MailContent } from './invitation-mail.ts';
import type { OutgoingMail } from './message.ts';
import type { LeasedMail } from './queue.ts';
import { mailHost, type SenderOf } from './sender.ts';
import type { TemplateField } from './templates.ts';

/** What a mail is made from. */
export interface MailSource {
  db: Db;
  secretKey: string;
  /** Where people reach the server, without a slash at the end. */
  publicUrl: () => string;
  senderOf: SenderOf;
  now: () => Date;
}

/** What is to be done with a mail: to send it, or to leave it for good. */
export type Prepared =
  | {
      action: 'send';
      mail: OutgoingMail;
      /** The organization's own templates that could not be used. */
      unusable: readonly TemplateField[];
    }
  | { action: 'leave'; status: 'skipped' | 'failed'; reason: string; recipient?: string };

const GIVE_UP_MS = 3 * 24 * 60 * 60_000;
const LONGEST_REASON = 500;

/** Why there is nobody to send to. */
export const NO_ADDRESS = 'There is no address to send it to.';

/** Leaves a mail for good, and keeps why, and whom it would have gone to where that is known. */
export function skip(reason: string, recipient?: string): Prepared {
  return {
    action: 'leave',
    status: 'skipped',
    reason,
    ...(recipient !== undefined && { recipient }),
  };
}

/** What becomes of a mail whose time is over: it has failed if it was ever attempted. What kept it is told. */
export function tooLate({ attempts, error }: LeasedMail, reason: string): Prepared {
  const told = `${reason} ${error ?? ''}`.trim().slice(0, LONGEST_REASON);
  return { action: 'leave', status: attempts === 0 ? 'skipped' : 'failed', reason: told };
}

/** Whether a mail's time is over: when what it is about ends, or else after three days. */
export function isOver({ createdAt }: LeasedMail, end: Date | null, now: Date): boolean {
  return now.getTime() > (end?.getTime() ?? createdAt.getTime() + GIVE_UP_MS);
}

/** The address as a mail can go to it; undefined where it cannot, whatever the database holds. */
export function addressOf(email: string | null): string | undefined {
  const parsed = parseEmail(email ?? '');
  return parsed.ok ? parsed.email : undefined;
}

/** The mail itself. Its id makes the Message-ID, so that one that is sent twice, as after a crash, can be told. */
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
    // RFC 3834: nothing answers by itself to what was sent by itself.
    headers: { ...parts.headers, 'Auto-Submitted': 'auto-generated' },
  };
}
