import { hash, randomBytes } from 'node:crypto';

/** What a token made here begins with, so that people and secret scanners can tell what they found. */
export const TOKEN_PREFIX = {
  personal: 'usher_pat_',
  organization: 'usher_oat_',
  customerSession: 'usher_cst_',
  memberSession: 'usher_mst_',
} as const;

const TOKEN_BYTES = 32;

/** A new token: the prefix and 256 random bits in base64url, 43 characters. */
export function newToken(kind: keyof typeof TOKEN_PREFIX): string {
  return TOKEN_PREFIX[kind] + randomBytes(TOKEN_BYTES).toString('base64url');
}

/** The only form in which a token is stored: its SHA-256, by which it is found again. */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash('sha256', token, 'buffer'));
}
