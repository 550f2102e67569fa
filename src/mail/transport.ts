import { keepMail } from './mailbox.ts';
import { MailNotSent, type MailTransport } from './message.ts';
import { openSmtp } from './smtp.ts';

export interface MailTransportOptions {
  /** URL of the mail server; undefined for the local mailbox. */
  smtpUrl?: string | undefined;
  /** Folder of the local mailbox, which is used without a mail server. */
  mailbox: string | undefined;
}

// Longest time of sending one mail.
const TIMEOUT_MS = 20_000;

/** Returns the mail transport; undefined if none is configured. It connects to a mail server with the first mail. */
export function openMailTransport(options: MailTransportOptions): MailTransport | undefined {
  const { smtpUrl, mailbox } = options;
  if (smtpUrl !== undefined) return openSmtp(smtpUrl, TIMEOUT_MS);
  return mailbox === undefined ? undefined : toMailbox(mailbox);
}

function toMailbox(dir: string): MailTransport {
  return {
    async send(mail) {
      try {
        await keepMail(dir, mail);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
        throw new MailNotSent(`The local mailbox could not be written to (${code}).`, code);
      }
    },
    close: () => undefined,
  };
}
