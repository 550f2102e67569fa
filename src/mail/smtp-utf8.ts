import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { MailNotSent } from './message.ts';

const BEYOND_ASCII = /[^\0-\x7f]/;

/** Whether an address can only be written to where the server offers SMTPUTF8 (RFC 6531); any domain can be in ASCII. */
export function needsUtf8(address: string): boolean {
  return BEYOND_ASCII.test(address.slice(0, address.lastIndexOf('@')));
}

/**
 * Asks the server what it offers, on a connection for this alone: the one that sends does not ask, and would pass the
 * address on to a server that can only guess at it. Throws MailNotSent where it offers no SMTPUTF8, and the error of the
 * connection where there is none.
 */
export async function requireUtf8(
  options: SMTPConnection.Options,
  address: string,
  { isRecipient, signal }: { isRecipient: boolean; signal: AbortSignal },
): Promise<void> {
  const connection = new SMTPConnection(options);
  const close = () => connection.close();
  signal.addEventListener('abort', close);
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.on('end', () =>
        reject(new MailNotSent('The mail server hung up.', 'ECONNECTION')),
      );
      connection.connect(() => resolve());
    });
    // After the handshake, that is its answer to EHLO, and under TLS to the one after STARTTLS.
    const offers = connection.lastServerResponse || '';
    connection.quit();
    if (/^250[ -]SMTPUTF8\b/im.test(offers)) return;
    const reason = `The mail server does not offer SMTPUTF8, and so takes no mail ${isRecipient ? 'to' : 'from'} ${address}: the part before the @-sign has letters beyond ASCII.`;
    throw new MailNotSent(reason, 'SMTPUTF8', isRecipient);
  } catch (error) {
    if (!(error instanceof MailNotSent)) connection.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}
