import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { MailNotSent } from './message.ts';

const BEYOND_ASCII = /[^\0-\x7f]/;

/** Returns whether an address needs SMTPUTF8 (RFC 6531). Only the local part counts, because domains have an ASCII form. */
export function needsUtf8(address: string): boolean {
  return BEYOND_ASCII.test(address.slice(0, address.lastIndexOf('@')));
}

/**
 * Checks on a separate connection that the server offers SMTPUTF8. The sending connection does not check this, and a server
 * without SMTPUTF8 misreads the address. Rejects with MailNotSent if the server does not offer SMTPUTF8, and with the
 * connection's error if it cannot be reached.
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
    // After the handshake, this is the answer to the last EHLO. With STARTTLS, that is the one under TLS.
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
