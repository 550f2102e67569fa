import { parseEmail } from './parse-email.ts';

/** Returns the form of an address for comparison: normalized, in lower case. */
export function addressKey(email: string): string {
  const parsed = parseEmail(email);
  return (parsed.ok ? parsed.email : email).toLowerCase();
}
