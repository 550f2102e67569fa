import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { hadAbsoluteTarget } from '../http/check-request.ts';

/**
 * Whether a request comes from this very machine and means it: from a loopback address, under a loopback name (a page
 * elsewhere that points its own name here by DNS has another), passed on by no proxy, and not made by another site's script.
 */
export function isLocalCaller(c: Context): boolean {
  // What the server's adaptor adds to a request; a request without a socket is from nowhere.
  const incoming: IncomingMessage | undefined = c.env?.incoming;
  const address = incoming?.socket?.remoteAddress;
  if (incoming === undefined || address === undefined || !isLoopbackAddress(address)) return false;
  // As nginx asks unless it is told otherwise, under the loopback name that it was given, and no browser does.
  if (incoming.httpVersion === '1.0') return false;
  if (Object.keys(c.req.header()).some(isOfProxy) || hadAbsoluteTarget(incoming)) return false;
  // As it was sent: the server puts its own in its place for everything else.
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

/** A script elsewhere could read what this server lets any origin read; a link from there only opens it. */
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
