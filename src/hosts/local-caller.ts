import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { hadAbsoluteTarget } from '../http/check-request.ts';

/**
 * Returns whether a request comes from this machine: from a loopback address, to a loopback host name (which excludes DNS
 * rebinding), not through a proxy, and not from a script of another site.
 */
export function isLocalCaller(c: Context): boolean {
  // The server's adapter adds `incoming`. A request without a socket is not local.
  const incoming: IncomingMessage | undefined = c.env?.incoming;
  const address = incoming?.socket?.remoteAddress;
  if (incoming === undefined || address === undefined || !isLoopbackAddress(address)) return false;
  // By default, nginx sends HTTP/1.0 with the loopback name of its upstream. Browsers do not use HTTP/1.0.
  if (incoming.httpVersion === '1.0') return false;
  if (Object.keys(c.req.header()).some(isOfProxy) || hadAbsoluteTarget(incoming)) return false;
  // The raw header, because the server replaces the host of the parsed one.
  const host = rawHeader(incoming, 'host') ?? '';
  return LOOPBACK_HOST.test(host) && !isOfAnotherSite(c, host);
}

function rawHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
  return at < 0 ? undefined : rawHeaders[at + 1];
}

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-original-host',
  'cf-connecting-ip',
  'true-client-ip',
  'client-ip',
  'x-cluster-client-ip',
  'fastly-client-ip',
  'x-envoy-external-address',
  'x-original-url',
  'x-rewrite-url',
  'x-host',
  'x-amzn-trace-id',
  'cf-ray',
  'cdn-loop',
  'wl-proxy-client-ip',
];

function isOfProxy(header: string): boolean {
  return header.startsWith('x-forwarded') || PROXY_HEADERS.includes(header);
}

/**
 * Returns whether a script of another site sent the request. Such a script could read responses that allow any origin.
 * Navigation is allowed.
 */
function isOfAnotherSite(c: Context, host: string): boolean {
  const origin = c.req.header('origin');
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) return true;
  const site = c.req.header('sec-fetch-site');
  return (
    c.req.header('sec-fetch-mode') !== 'navigate' &&
    site !== undefined &&
    !['none', 'same-origin'].includes(site)
  );
}

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address);
}
