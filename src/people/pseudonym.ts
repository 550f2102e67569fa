const DOMAIN = '@erased.invalid';

/** Returns the address of an erased member: unique, and never a real address (RFC 2606). */
export function pseudonymOf(memberId: string): string {
  return `erased-${memberId}${DOMAIN}`;
}

/** Returns whether an address is that of an erased member. */
export function isPseudonym(email: string): boolean {
  return email.endsWith(DOMAIN);
}
