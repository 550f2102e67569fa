import { BlockList, isIP } from 'node:net';

/** The special-purpose ranges of IPv4 in IANA's registry (RFC 6890). */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/** All of IPv6 except its global unicast range 2000::/3, and the special-purpose ranges within that. */
const SPECIAL_IPV6 = [
  '::/3',
  '4000::/2',
  '8000::/1',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
];

// Two lists, because one BlockList also compares IPv4 addresses with IPv6 ranges, as mapped addresses.
const ipv4 = blockList(SPECIAL_IPV4, 'ipv4');
const ipv6 = blockList(SPECIAL_IPV6, 'ipv6');

/**
 * Returns whether a URL's host is private: `localhost`, or an IP address that is private, loopback, link-local or otherwise
 * special-purpose. It does not resolve names.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$|%.*$/, '');
  switch (isIP(host)) {
    case 4:
      return ipv4.check(host, 'ipv4');
    case 6:
      return ipv6.check(host, 'ipv6');
    default:
      return host === 'localhost' || host.endsWith('.localhost');
  }
}

function blockList(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
