import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** The host of all URLs in routing. The client's Host header has no effect. */
export const BASE_HOST = 'localhost';

const MAX_HEADERS = 100;

/** Headers that must not be repeated (RFC 9110, section 5.3), each with its bit. */
const SINGLE_HEADERS: ReadonlyMap<string, number> = new Map([
  ['host', 1],
  ['authorization', 2],
  ['content-type', 4],
  ['content-length', 8],
]);

/** Error of a request that is rejected before routing. */
export interface BadRequest {
  status: 400 | 431;
  message: string;
}

/**
 * Checks the target, the Host header and the repeated headers of a request, and returns the error, if any. Converts the
 * target to origin form and replaces the client's host with the server's.
 */
export function checkRequest(request: IncomingMessage): BadRequest | undefined {
  const problem = headerProblem(request.rawHeaders) ?? hostProblem(request);
  if (problem !== undefined) return problem;
  const target = originForm(request.url ?? '');
  if (target === undefined) return bad('The request target is not a path.');
  if (target !== request.url) absolute.add(request);
  request.url = target;
  request.headers.host = BASE_HOST;
  return undefined;
}

const absolute = new WeakSet<IncomingMessage>();

/** Returns whether a request had an absolute target, which clients use only for proxies. */
export function hadAbsoluteTarget(request: IncomingMessage): boolean {
  return absolute.has(request);
}

function bad(message: string): BadRequest {
  return { status: 400, message };
}

function headerProblem(rawHeaders: readonly string[]): BadRequest | undefined {
  if (rawHeaders.length > MAX_HEADERS * 2) {
    return { status: 431, message: `The request has more than ${MAX_HEADERS} headers.` };
  }
  let seen = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const given = rawHeaders[at] ?? '';
    // Fast path: most headers have another length.
    if (given.length !== 4 && (given.length < 12 || given.length > 14)) continue;
    const name = given.toLowerCase();
    const bit = SINGLE_HEADERS.get(name) ?? 0;
    if ((seen & bit) !== 0) return bad(`The request has more than one ${name} header.`);
    seen |= bit;
  }
  return undefined;
}

/** Returns the error of the Host header. HTTP/1.0 needs no Host header, and Node rejects HTTP/1.1 without one. */
function hostProblem({ headers: { host } }: IncomingMessage): BadRequest | undefined {
  if (host === undefined || host === lastHost) return undefined;
  if (!isHost(host)) return bad('The Host header is not a host, with or without a port.');
  lastHost = host;
  return undefined;
}

/** The last valid host. Nearly all requests repeat it. */
let lastHost: string | undefined;

const AUTHORITY = /^(?:[a-z0-9_][a-z0-9_.-]{0,254}|\[([0-9a-f:.]{2,45})\])(?::(\d{0,5}))?$/i;
const LARGEST_PORT = 65_535;

/** Returns whether a text is a host name or an IP address, with or without a port. */
function isHost(text: string): boolean {
  const [whole, address, port = ''] = AUTHORITY.exec(text) ?? [];
  return (
    whole !== undefined &&
    (address === undefined || isIPv6(address)) &&
    Number(port) <= LARGEST_PORT
  );
}

/** Returns the path and the query of a target in origin or absolute form (RFC 9112, 3.2.2); undefined if it is invalid. */
function originForm(target: string): string | undefined {
  if (target.startsWith('/')) return hasBackslash(target) ? undefined : target;
  const [, authority = '', rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  if (!isHost(authority) || hasBackslash(rest)) return undefined;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Returns whether a path has a backslash, which URL parsers treat as a slash. */
function hasBackslash(target: string): boolean {
  const at = target.indexOf('\\');
  const query = target.indexOf('?');
  return at >= 0 && (query < 0 || at < query);
}
