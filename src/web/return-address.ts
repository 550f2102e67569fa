/** Where people go once they have claimed a seat; undefined where it is none that a browser should be sent to. */
export function returnAddress(returnUrl: string | null): URL | undefined {
  const url = returnUrl !== null && URL.canParse(returnUrl) ? new URL(returnUrl) : undefined;
  // A host that could be read as more than one in a Content-Security-Policy is none to go to.
  const isSound = url && /^https?:$/.test(url.protocol) && /^[\w.:[\]-]+$/.test(url.host);
  return isSound ? url : undefined;
}

/** The address with the session's token in its fragment, which no server on the way gets to see, after what was there. */
export function withSession(address: URL, token: string): string {
  const url = new URL(address);
  const before = url.hash === '' ? '' : `${url.hash}&`;
  url.hash = `${before}customer_session_token=${encodeURIComponent(token)}`;
  return url.href;
}

/** The address as a source of a Content-Security-Policy, whose grammar has no IPv6 addresses. */
export function policySource({ origin, protocol, hostname }: URL): string {
  return hostname.startsWith('[') ? protocol : origin;
}
