import addressparser from 'nodemailer/lib/addressparser';
import { parseEmail } from '../email/parse-email.ts';
import type { Sender } from './message.ts';
import { plainLine } from './plain-line.ts';

const LONGEST_NAME = 100;

/** Whom a mail is from, for the organization it is sent for, if there is one, and the server's address. */
export type SenderOf = (organizationName: string | undefined, publicUrl: string) => Sender;

/**
 * Keeps the configured sender's address, and its name where it has one: else a mail shows the organization's name.
 * Without a configured sender, it is from `no-reply` at the server's own host, in that name. Throws where `mailFrom`
 * is not exactly one address.
 */
export function senderOf(mailFrom: string | undefined): SenderOf {
  if (mailFrom === undefined) {
    return (name, publicUrl) => ({
      name: name === undefined ? 'usher' : `${plainLine(name, LONGEST_NAME)} via usher`,
      address: `no-reply@${mailHost(publicUrl)}`,
    });
  }
  const [sender, ...others] = addressparser(mailFrom, { flatten: true });
  const parsed = parseEmail(sender?.address ?? '');
  if (!sender || others.length > 0 || !parsed.ok || /\p{Cc}/u.test(mailFrom)) {
    throw new Error('MAIL_FROM must be one address, such as Seats <seats@example.com>.');
  }
  const { email: address } = parsed;
  return name => ({ name: plainLine(sender.name || (name ?? 'usher'), LONGEST_NAME), address });
}

/** Whether `senderOf` takes it. */
export function isSender(mailFrom: string): boolean {
  try {
    senderOf(mailFrom);
    return true;
  } catch {
    return false;
  }
}

/** The server's host as it stands after an @-sign (RFC 5321, 4.1.3: an address is bracketed). */
export function mailHost(publicUrl: string): string {
  const { hostname } = new URL(publicUrl);
  if (hostname.startsWith('[')) return `[IPv6:${hostname.slice(1)}`;
  return /^[\d.]+$/.test(hostname) ? `[${hostname}]` : hostname;
}
