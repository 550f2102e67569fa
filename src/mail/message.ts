/** Who a mail is from. */
export interface Sender {
  /** The name that is shown; empty for none. */
  name: string;
  address: string;
}

/** A mail ready to be sent. Nothing in it has line breaks but its text and its HTML. */
export interface OutgoingMail {
  /** The Message-ID with its angle brackets: the same whenever the same mail is sent again. */
  messageId: string;
  date: Date;
  from: Sender;
  /** The one address that it goes to. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Headers besides those that the other fields make. */
  headers: Readonly<Record<string, string>>;
}

/** What takes mails: a mail server, or the local mailbox. */
export interface MailTransport {
  /** Resolves when the mail was taken. Rejects with MailNotSent, and so as well when the signal aborts before. */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<void>;
  /** Lets go of all connections; what is being sent fails. */
  close(): void;
}

/** A mail was not taken. The message is a short reason, without secrets and without addresses but the recipient's. */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent';
  /** The reply's code or the system's, such as `550` or `ECONNREFUSED`. */
  readonly code: string;
  /** Whether the server refused this recipient or this mail for good (SMTP 5xx), so that it would again. */
  readonly isPermanent: boolean;

  constructor(reason: string, code: string, isPermanent = false) {
    super(reason);
    this.code = code;
    this.isPermanent = isPermanent;
  }
}
