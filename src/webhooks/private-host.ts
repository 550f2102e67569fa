import ipaddr from 'ipaddr.js';

/** The global unicast range of IPv6. */
const GLOBAL = ipaddr.IPv6.parseCIDR('2000::/3');

/** The range of IPv6 for protocol assignments, of which ipaddr.js lists only some. */
const PROTOCOLS = ipaddr.IPv6.parseCIDR('2001::/23');

/**
 * Returns whether a URL's host is private: `localhost`, or an IP address that is private, loopback, link-local or otherwise
 * special-purpose (RFC 6890). It does not resolve names.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$|%.*$/, '');
  if (!ipaddr.isValid(host)) return host === 'localhost' || host.endsWith('.localhost');
  const address = ipaddr.parse(host);
  if (address.range() !== 'unicast') return true;
  return address instanceof ipaddr.IPv6 && (!address.match(GLOBAL) || address.match(PROTOCOLS));
}
