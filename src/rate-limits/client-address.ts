import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';
import type { Key } from './buckets.ts';

/** Number of trusted proxies, or their addresses and networks. */
export type TrustedProxies = number | readonly string[];

const SITE_WEIGHT = 1 / 16;
const SUBNET_BYTES = 8;
const SITE_BYTES = 6;

/**
 * Returns whether a text identifies proxies: an address, a network such as `10.0.0.0/8`, or `loopback`, `linklocal`,
 * `uniquelocal`.
 */
export function isTrustable(network: string): boolean {
  try {
    proxyAddr.compile(network);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns a function that reads the client's address from a request: from the socket, or from the `X-Forwarded-For` header
 * of trusted proxies. Ignores entries that no trusted proxy wrote.
 */
export function createAddressReader(
  proxies: TrustedProxies,
): (request: IncomingMessage) => string | undefined {
  if (typeof proxies === 'number' ? proxies === 0 : proxies.length === 0) {
    return ({ socket }) => socket.remoteAddress;
  }
  const isTrusted =
    typeof proxies === 'number'
      ? (_address: string, hop: number) => hop < proxies
      : proxyAddr.compile([...proxies]);
  return request => {
    // From the nearest to the farthest trusted address. An invalid address ends the chain.
    const chain = proxyAddr.all(request, isTrusted).map(withoutPort);
    const end = chain.findIndex(address => !ipaddr.isValid(address));
    return (end === -1 ? chain : chain.slice(0, end)).at(-1);
  };
}

/** Removes the port that some proxies append to the client's address. */
function withoutPort(address: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(address) ?? [];
  return bracketed ?? plain ?? address;
}

/**
 * Returns the quota keys of an address. IPv4 counts by address, even if mapped to IPv6. IPv6 counts by /64, the network of
 * one subscriber, and, with sixteen times the quota, by /48, the network of one site.
 */
export function addressKeys(address: string | undefined): readonly Key[] {
  if (address === undefined || !ipaddr.isValid(address)) return UNKNOWN;
  const parsed = ipaddr.process(address);
  const bytes = parsed.toByteArray();
  if (parsed.kind() === 'ipv4') return [{ id: parsed.toString(), weight: 1 }];
  // An IPv4 client behind a translator (RFC 6052).
  if (parsed.range() === 'rfc6052') return [{ id: bytes.slice(-4).join('.'), weight: 1 }];
  return [
    { id: network(bytes, SUBNET_BYTES), weight: 1 },
    { id: network(bytes, SITE_BYTES), weight: SITE_WEIGHT },
  ];
}

const UNKNOWN: readonly Key[] = [{ id: 'unknown', weight: 1 }];

function network(bytes: number[], length: number): string {
  return Buffer.from(bytes.slice(0, length)).toString('hex');
}
