import { keepMail } from './mailbox.ts';
import { MailNotSent, type MailTransport } from './message.ts';
import { openSmtp } from './smtp.ts';

export interface MailTransportOptions {
  /** The mail server; undefined for the local mailbox. */
  smtpUrl?: string | undefined;
  /** The local mailbox's folder, where no server takes the mail. */
  mailbox: string | undefined;
}

// How long one mail may take in all.
const PATIENCE_MS = 20_000;

/** Opens the way that mails go; undefined where there is none. A mail server is not called before the first mail. */
export function openMailTransport(options: MailTransportOptions): MailTransport | undefined {
  const { smtpUrl, mailbox } = options;
  if (smtpUrl !== undefined) return openSmtp(smtpUrl, PATIENCE_MS);
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
