const DOMAIN = '@erased.invalid';

/** Returns the address that an erased member has: unique, and of nobody (RFC 2606). */
export function pseudonymOf(memberId: string): string {
  return `erased-${memberId}${DOMAIN}`;
}

/** Returns whether an address is one that an erased member has. */
export function isPseudonym(email: string): boolean {
  return email.endsWith(DOMAIN);
}
