import { randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** Returns a new endpoint secret: `whsec_` and 256 random bits in base64url, 43 characters. */
export function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}
