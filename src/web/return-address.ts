/** Returns the address to which people go after a claim; undefined if it is missing or unsafe for a redirect. */
export function returnAddress(returnUrl: string | null): URL | undefined {
  const url = returnUrl !== null && URL.canParse(returnUrl) ? new URL(returnUrl) : undefined;
  // The host must not be parsed as several sources in a Content-Security-Policy.
  const isValid = url && /^https?:$/.test(url.protocol) && /^[\w.:[\]-]+$/.test(url.host);
  return isValid ? url : undefined;
}

/** Appends the session token to the fragment of an address. Browsers do not send fragments to servers. */
export function withSession(address: URL, token: string): string {
  const url = new URL(address);
  const before = url.hash === '' ? '' : `${url.hash}&`;
  url.hash = `${before}customer_session_token=${encodeURIComponent(token)}`;
  return url.href;
}

/** Returns the address as a source of a Content-Security-Policy, whose grammar does not support IPv6 addresses. */
export function policySource({ origin, protocol, hostname }: URL): string {
  return hostname.startsWith('[') ? protocol : origin;
}
