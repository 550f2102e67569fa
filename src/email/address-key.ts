import { parseEmail } from './parse-email.ts';

/** An address as it is compared with others: normalised, in lower case. */
export function addressKey(email: string): string {
  const parsed = parseEmail(email);
  return (parsed.ok ? parsed.email : email).toLowerCase();
}
