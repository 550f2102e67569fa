import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** The keys of a server: secrets are encrypted with the first, and decrypted with either. */
export interface SealingKeys {
  readonly secretKey: string;
  readonly previousSecretKey?: string | undefined;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 6;

/**
 * Encrypts the secret of an endpoint with AES-256-GCM. The text is `v1:`, the id of the key, `:`, and in base64url the
 * nonce, the ciphertext and the tag. The endpoint's id is authenticated, so that the text decrypts for no other endpoint.
 */
export function sealSecret(secretKey: string, endpointId: string, secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, derived(secretKey, 'webhook secrets', KEY_BYTES), nonce);
  cipher.setAAD(Buffer.from(endpointId));
  const parts = [nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return sealPrefix(secretKey) + Buffer.concat(parts).toString('base64url');
}

/**
 * Decrypts a text that `sealSecret` returned; undefined if none of the keys encrypted it for this endpoint, or if it was
 * changed.
 */
export function openSecret(
  { secretKey, previousSecretKey }: SealingKeys,
  endpointId: string,
  sealed: string,
): string | undefined {
  const key = [secretKey, previousSecretKey].find(
    known => known !== undefined && sealed.startsWith(sealPrefix(known)),
  );
  if (key === undefined) return undefined;
  const bytes = Buffer.from(sealed.slice(sealPrefix(key).length), 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, derived(key, 'webhook secrets', KEY_BYTES), nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(endpointId));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const opened = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Returns the start of every text that `sealSecret` makes with this key: 12 characters. */
export function sealPrefix(secretKey: string): string {
  return `v1:${derived(secretKey, 'id of the key of webhook secrets', KEY_ID_BYTES).toString('base64url')}:`;
}

function derived(secretKey: string, label: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, '', `usher: ${label}`, bytes));
}
