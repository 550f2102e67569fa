import addressparser from 'nodemailer/lib/addressparser';
import { parseEmail } from '../email/parse-email.ts';
import type { Sender } from './message.ts';
import { plainLine } from './plain-line.ts';

const LONGEST_NAME = 100;

/** Returns the sender of a mail for an organization, or for usher itself if there is no organization. */
export type SenderOf = (organizationName: string | undefined, publicUrl: string) => Sender;

/**
 * Returns the function that makes senders. A configured sender keeps its address and its name; if it has no name, mails show
 * the organization's. Without a configured sender, the address is `no-reply` at the server's host, and the name is the
 * organization's followed by `via usher`. Throws if `mailFrom` is not exactly one address.
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

/** Returns whether `mailFrom` is a valid sender. */
export function isSender(mailFrom: string): boolean {
  try {
    senderOf(mailFrom);
    return true;
  } catch {
    return false;
  }
}

/** Returns the server's host as the domain of a mail address. IP addresses are in brackets (RFC 5321, 4.1.3). */
export function mailHost(publicUrl: string): string {
  const { hostname } = new URL(publicUrl);
  if (hostname.startsWith('[')) return `[IPv6:${hostname.slice(1)}`;
  return /^[\d.]+$/.test(hostname) ? `[${hostname}]` : hostname;
}
