import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { openSecret, type SealingKeys, sealPrefix, sealSecret } from './sealed-secret.ts';
import type { SigningKeys } from './sign.ts';

/**
 * The columns of an endpoint's secrets. Versions without encryption write `secret` and `previousSecret`, which then take
 * precedence.
 */
export type StoredSecrets = Pick<
  WebhookEndpoint,
  'id' | 'secret' | 'previousSecret' | 'sealedSecret' | 'sealedPreviousSecret'
>;

/**
 * The columns, for Prisma's `select`. A trigger ends the lease of a version that renews it without reading `sealed_secret`.
 */
export const STORED_SECRETS = {
  id: true,
  secret: true,
  previousSecret: true,
  sealedSecret: true,
  sealedPreviousSecret: true,
} as const;

/**
 * Returns the secrets that sign; undefined if no known key decrypts the current one. A previous one that cannot be decrypted
 * is left out.
 */
export function openSecrets(
  keys: SealingKeys,
  endpoint: StoredSecrets & Pick<SigningKeys, 'previousSecretExpiresAt'>,
): SigningKeys | undefined {
  const { secret, previousSecret } = current(endpoint);
  const opened = textOf(keys, endpoint.id, secret);
  if (opened === undefined) return undefined;
  const { previousSecretExpiresAt } = endpoint;
  return {
    secret: opened,
    previousSecret: textOf(keys, endpoint.id, previousSecret) ?? null,
    previousSecretExpiresAt,
  };
}

/**
 * Returns the columns with both secrets encrypted by the current key. A secret that no known key decrypts stays as it is: a
 * later process may have the key.
 */
export function sealedColumns(
  keys: SealingKeys,
  endpoint: StoredSecrets,
): Omit<StoredSecrets, 'id'> {
  const { secret, previousSecret } = current(endpoint);
  return {
    secret: '',
    previousSecret: null,
    sealedSecret: sealed(keys, endpoint.id, secret),
    sealedPreviousSecret: sealed(keys, endpoint.id, previousSecret),
  };
}

/** A secret as it is stored: plain or encrypted. */
type Stored = { plain: string } | { sealed: string } | undefined;

function current(endpoint: StoredSecrets): { secret: Stored; previousSecret: Stored } {
  const { secret, previousSecret, sealedSecret, sealedPreviousSecret } = endpoint;
  if (secret === '') {
    return {
      secret: stored('', sealedSecret),
      previousSecret: stored(previousSecret, sealedPreviousSecret),
    };
  }
  // A version without encryption rotated the encrypted secret, and recorded no previous one.
  return { secret: { plain: secret }, previousSecret: stored(previousSecret, sealedSecret) };
}

function stored(plain: string | null, sealed: string | null): Stored {
  if (plain !== null && plain !== '') return { plain };
  return sealed === null ? undefined : { sealed };
}

function textOf(keys: SealingKeys, endpointId: string, secret: Stored): string | undefined {
  if (secret === undefined) return undefined;
  return 'plain' in secret ? secret.plain : openSecret(keys, endpointId, secret.sealed);
}

function sealed(keys: SealingKeys, endpointId: string, secret: Stored): string | null {
  if (secret === undefined) return null;
  if ('sealed' in secret && secret.sealed.startsWith(sealPrefix(keys.secretKey)))
    return secret.sealed;
  const text = textOf(keys, endpointId, secret);
  if (text !== undefined) return sealSecret(keys.secretKey, endpointId, text);
  return 'sealed' in secret ? secret.sealed : null;
}
