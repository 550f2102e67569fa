import { createTransport, type NodemailerError } from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { MailNotSent, type MailTransport, type OutgoingMail } from './message.ts';
import { plainLine } from './plain-line.ts';
import { isPermanentRejection } from './smtp-rejection.ts';
import { needsUtf8, requireUtf8 } from './smtp-utf8.ts';
import { within } from './within.ts';

// Providers limit concurrent connections, some of them to three.
const CONNECTIONS = 3;
// Shorter than servers keep idle connections open, so that a mail rarely uses a closed one.
const IDLE_MS = 10_000;
const LONGEST_REASON = 500;

/**
 * Returns a transport over SMTP with the URL's login. It uses TLS if the scheme is `smtps` or the server offers it. The
 * URL's query may contain `requireTLS=true`, and `tls.rejectUnauthorized=false` to accept an untrusted certificate. One mail
 * takes at most `timeoutMs`; then its connection is closed.
 */
export function openSmtp(smtpUrl: string, timeoutMs: number): MailTransport {
  const { options, login } = serverOf(smtpUrl, timeoutMs);
  const pool = createTransport({
    ...options,
    pool: true,
    ...(login.user !== '' && { auth: login }),
    maxConnections: CONNECTIONS,
    // The pool must not retry: the server may already have accepted the mail.
    maxRequeues: 0,
    idleTimeout: IDLE_MS,
    // Ends a connection whose QUIT nobody answers. `within` ends a mail before that: this timeout would discard an answer
    // that has arrived.
    socketTimeout: timeoutMs * 3,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // `sendMail` rejects with the error. An `error` event without a listener would end the process.
  pool.on('error', () => undefined);

  return {
    async send(mail, signal) {
      try {
        await within(
          timeoutMs,
          async until => {
            const [sender, recipient] = [mail.from.address, mail.to];
            for (const address of [recipient, sender].filter(needsUtf8)) {
              const isRecipient = address === recipient;
              await requireUtf8(options, address, { isRecipient, signal: until });
            }
            await pool.sendMail({ ...contentOf(mail), signal: until });
          },
          signal,
        );
      } catch (error) {
        throw toMailNotSent(error, mail.to, login.pass);
      }
    },
    close: () => void pool.close({ force: true }),
  };
}

/**
 * Connects to the mail server and logs in, as `openSmtp` does with the first mail, and sends none. Returns whether the
 * connection is encrypted. Rejects with MailNotSent.
 */
export async function verifySmtp(
  smtpUrl: string,
  timeoutMs: number,
): Promise<{ isEncrypted: boolean }> {
  const { options, login } = serverOf(smtpUrl, timeoutMs);
  const connection = new SMTPConnection(options);
  // An error during a step rejects that step; a later error does not matter.
  connection.on('error', () => undefined);
  try {
    await within(timeoutMs, async () => {
      await new Promise<void>((resolve, reject) => {
        connection.once('error', reject);
        connection.connect(error => (error ? reject(error) : resolve()));
      });
      if (login.user === '') return;
      await new Promise<void>((resolve, reject) => {
        connection.login({ credentials: login }, error => (error ? reject(error) : resolve()));
      });
    });
    return { isEncrypted: connection.secure };
  } catch (error) {
    throw toMailNotSent(error, '', login.pass);
  } finally {
    connection.close();
  }
}

function serverOf(smtpUrl: string, timeoutMs: number) {
  const url = new URL(smtpUrl);
  const login = { user: decoded(url.username), pass: decoded(url.password) };
  const options = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port !== '' && { port: Number(url.port) }),
    secure: url.protocol === 'smtps:',
    requireTLS: url.searchParams.get('requireTLS') === 'true',
    tls: { rejectUnauthorized: url.searchParams.get('tls.rejectUnauthorized') !== 'false' },
    dnsTimeout: timeoutMs / 4,
    connectionTimeout: timeoutMs / 2,
    greetingTimeout: timeoutMs / 2,
    socketTimeout: timeoutMs / 2,
    socketCloseTimeout: 0,
  };
  return { options, login };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function contentOf(mail: OutgoingMail) {
  return {
    messageId: mail.messageId,
    date: mail.date,
    from: mail.from,
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: { ...mail.headers },
    xMailer: false,
  } as const;
}

function toMailNotSent(error: unknown, recipient: string, password: string): MailNotSent {
  if (error instanceof MailNotSent) return error;
  // All properties are optional, so that any thrown value fits.
  const {
    code = 'UNKNOWN',
    originalCode,
    responseCode,
    response,
    command,
  } = (error instanceof Error ? error : {}) as Partial<NodemailerError>;
  if (responseCode !== undefined && response !== undefined) {
    // The reply to a login may contain the login.
    const reason =
      code === 'EAUTH'
        ? `The mail server refused the login (${responseCode}).`
        : `The mail server answered: ${withoutSecrets(response, recipient, password)}`;
    const isPermanent = isPermanentRejection({ responseCode, response, command });
    return new MailNotSent(plainLine(reason, LONGEST_REASON), String(responseCode), isPermanent);
  }
  const cause = originalCode ?? code;
  return code === 'ETIMEDOUT'
    ? new MailNotSent('The mail server did not answer in time.', cause)
    : new MailNotSent(`The mail server could not be reached (${cause}).`, cause);
}

function withoutSecrets(reply: string, recipient: string, password: string): string {
  const told = password === '' ? reply : reply.replaceAll(password, '…');
  return told.replace(/[^\s<>"'(),:;]+@[^\s<>"'(),:;]+/g, address =>
    address.toLowerCase() === recipient.toLowerCase() ? address : '…',
  );
}
