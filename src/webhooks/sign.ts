import { Webhook } from 'standardwebhooks';

/** Secrets of an endpoint: the current one and, for some time after a rotation, the previous one. */
export interface SigningKeys {
  secret: string;
  previousSecret: string | null;
  previousSecretExpiresAt: Date | null;
}

/**
 * Returns the headers of one attempt, as defined by Standard Webhooks. The signing key is the UTF-8 bytes of the whole
 * secret including `whsec_`, as in the reference and its clients.
 */
export function signedHeaders(
  keys: SigningKeys,
  id: string,
  body: string,
  now: Date,
): Record<string, string> {
  const { secret, previousSecret, previousSecretExpiresAt } = keys;
  const isRotating =
    previousSecret !== null && previousSecretExpiresAt !== null && previousSecretExpiresAt > now;
  const secrets = isRotating ? [secret, previousSecret] : [secret];
  return {
    'user-agent': 'usher webhooks',
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map(key => sign(key, id, body, now)).join(' '),
  };
}

function sign(secret: string, id: string, body: string, now: Date): string {
  return new Webhook(Buffer.from(secret, 'utf8').toString('base64')).sign(id, now, body);
}
