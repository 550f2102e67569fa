import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** The host of every URL that requests are routed by: the client's Host header decides nothing. */
export const BASE_HOST = 'localhost';

const MOST_HEADERS = 100;

/** Headers that count once (RFC 9110, section 5.3), each with its bit. */
const SINGLE_HEADERS: ReadonlyMap<string, number> = new Map([
  ['host', 1],
  ['authorization', 2],
  ['content-type', 4],
  ['content-length', 8],
]);

/** Why a request is refused before anything looks at it. */
export interface BadRequest {
  status: 400 | 431;
  message: string;
}

/**
 * Checks what the path and the caller of a request are told by: its target, its Host header, and that no header which
 * counts once comes twice. Leaves its target in origin form, and puts the server's own host in the place of the client's.
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

/** Whether a request came with a whole address for its target, as proxies are asked, and no page of a server is. */
export function hadAbsoluteTarget(request: IncomingMessage): boolean {
  return absolute.has(request);
}

function bad(message: string): BadRequest {
  return { status: 400, message };
}

function headerProblem(rawHeaders: readonly string[]): BadRequest | undefined {
  if (rawHeaders.length > MOST_HEADERS * 2) {
    return { status: 431, message: `The request has more than ${MOST_HEADERS} headers.` };
  }
  let seen = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const given = rawHeaders[at] ?? '';
    // Most headers have another length, which is quicker to see.
    if (given.length !== 4 && (given.length < 12 || given.length > 14)) continue;
    const name = given.toLowerCase();
    const bit = SINGLE_HEADERS.get(name) ?? 0;
    if ((seen & bit) !== 0) return bad(`The request has more than one ${name} header.`);
    seen |= bit;
  }
  return undefined;
}

/** HTTP/1.0 has no Host header; node itself refuses HTTP/1.1 without one. */
function hostProblem({ headers: { host } }: IncomingMessage): BadRequest | undefined {
  if (host === undefined || host === lastHost) return undefined;
  if (!isHost(host)) return bad('The Host header is not a host, with or without a port.');
  lastHost = host;
  return undefined;
}

/** The last one that was found good, which nearly all requests repeat. */
let lastHost: string | undefined;

const AUTHORITY = /^(?:[a-z0-9_][a-z0-9_.-]{0,254}|\[([0-9a-f:.]{2,45})\])(?::(\d{0,5}))?$/i;
const LARGEST_PORT = 65_535;

/** Whether a text is a name or an address, with or without a port. */
function isHost(text: string): boolean {
  const [whole, address, port = ''] = AUTHORITY.exec(text) ?? [];
  return (
    whole !== undefined &&
    (address === undefined || isIPv6(address)) &&
    Number(port) <= LARGEST_PORT
  );
}

/** The path and the query of a target; undefined where it has none. An absolute target (RFC 9112, 3.2.2) is taken too. */
function originForm(target: string): string | undefined {
  if (target.startsWith('/')) return hasBackslash(target) ? undefined : target;
  const [, authority = '', rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  if (!isHost(authority) || hasBackslash(rest)) return undefined;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** URL parsers read one in a path as a slash. */
function hasBackslash(target: string): boolean {
  const at = target.indexOf('\\');
  const query = target.indexOf('?');
  return at >= 0 && (query < 0 || at < query);
}
