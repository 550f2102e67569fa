/** Sender of a mail. */
export interface Sender {
  /** Display name; empty for none. */
  name: string;
  address: string;
}

/** A mail to send. Only its text and its HTML may contain line breaks. */
export interface OutgoingMail {
  /** The Message-ID with its angle brackets. It stays the same if the mail is sent again. */
  messageId: string;
  date: Date;
  from: Sender;
  /** Address of the only recipient. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Further headers. */
  headers: Readonly<Record<string, string>>;
}

/** Destination of mails: a mail server or the local mailbox. */
export interface MailTransport {
  /** Resolves when the mail is accepted. Rejects with MailNotSent, also if the signal aborts before that. */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<void>;
  /** Closes all connections. Mails that are being sent fail. */
  close(): void;
}

/**
 * Error for a mail that was not accepted. The message is a short reason without secrets, and without any address except the
 * recipient's.
 */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent';
  /** Code of the SMTP reply or of the system error, such as `550` or `ECONNREFUSED`. */
  readonly code: string;
  /** Whether the server rejected this recipient or this mail permanently (SMTP 5xx). */
  readonly isPermanent: boolean;

  constructor(reason: string, code: string, isPermanent = false) {
    super(reason);
    this.code = code;
    this.isPermanent = isPermanent;
  }
}
