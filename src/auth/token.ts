import { hash, randomBytes } from 'node:crypto';

/** The prefixes of usher's tokens, by which people and secret scanners recognize them. */
export const TOKEN_PREFIX = {
  personal: 'usher_pat_',
  organization: 'usher_oat_',
  customerSession: 'usher_cst_',
  memberSession: 'usher_mst_',
} as const;

const TOKEN_BYTES = 32;

/** Returns a new token: the prefix and 256 random bits in base64url (43 characters). */
export function newToken(kind: keyof typeof TOKEN_PREFIX): string {
  return TOKEN_PREFIX[kind] + randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Returns the SHA-256 hash of a token, the only form in which usher stores it. */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash('sha256', token, 'buffer'));
}
