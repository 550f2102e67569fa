import { verifySmtp } from '../../mail/smtp.ts';
import { type Check, ok, problem, warning } from '../check.ts';

const TIMEOUT_MS = 10_000;

/** Connects and logs in to the mail server, and sends no mail. */
export const checkSmtp: Check = async ({ config }) => {
  const { smtpUrl, mailbox } = config;
  if (smtpUrl === undefined) {
    return mailbox === undefined
      ? warning('SMTP_URL is not set: invitations wait in the database', 'Set SMTP_URL')
      : ok('mail goes to the local mailbox');
  }
  const { hostname } = new URL(smtpUrl);
  try {
    const { isEncrypted } = await verifySmtp(smtpUrl, TIMEOUT_MS);
    return isEncrypted
      ? ok(`${hostname} answers, with TLS`)
      : warning(
          `${hostname} answers, without TLS: everybody on the way can read the invitations`,
          'Use smtps://, or a mail server that offers STARTTLS, and ?requireTLS=true',
        );
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    return problem(`${hostname}: ${reason}`, 'Correct SMTP_URL, or mend the mail server');
  }
};

/** Requests the health check at the public URL. */
export const checkPublicUrl: Check = async ({ config: { publicUrl } }) => {
  if (publicUrl === undefined) return ok('PUBLIC_URL is not set');
  const action = 'Correct PUBLIC_URL, or start usher and the proxy in front of it';
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${publicUrl}/health/live`, { signal });
    const isUsher = response.ok && (await response.text()).includes('"status":"ok"');
    return isUsher
      ? ok(`${publicUrl} answers`)
      : problem(`${publicUrl} answers ${response.status}, and not as usher does`, action);
  } catch (error) {
    const { cause, message } = error instanceof Error ? error : new Error(String(error));
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
    return problem(`${publicUrl} cannot be reached: ${reason}`, action);
  }
};

/** Looks for settings that are valid but unsuitable for production. */
export const checkConfiguration: Check = async ({ config: { databaseUrl, publicUrl } }) =>
  databaseUrl !== undefined && publicUrl === undefined
    ? warning(
        'PUBLIC_URL is not set: the links in mails lead to the listening address',
        'Set PUBLIC_URL to the address at which people reach usher',
      )
    : ok('all variables can be used');
