import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, type Socket, Server as TcpServer } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { App } from './app.ts';
import { addressToOpen } from './hosts/listening-address.ts';
import { limitArrival } from './http/arrival.ts';
import { checkRequest } from './http/check-request.ts';
import { limitConnections } from './http/connection-limit.ts';
import { type ConnectionLimits, DEFAULT_LIMITS } from './http/limits.ts';
import { endStalledConnections } from './http/stalled.ts';
import { createRequestObserver, type RequestObserver } from './observability/observe-requests.ts';
import { showRequestId } from './observability/request-record.ts';
import { refuse } from './refuse.ts';

export interface RunningServer {
  /** The URL of the server on this machine, such as `http://127.0.0.1:4000`. */
  url: string;
  /**
   * Frees the port, finishes the requests in flight, and closes each connection after its next response, which announces it.
   * An idle connection has `idleMs` to send one more request. Takes 10 s at most.
   */
  close(options?: { idleMs?: number }): Promise<void>;
}

/** Error for a port that the server cannot listen on. The message names the variable to change. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

const DRAIN_MS = 10_000;
const GRACE_MS = 300;
const SWEEP_MS = 20;
/** After this time without a new connection, all clients are waiting for responses. A busy machine responds in less. */
const QUIET_MS = 100;
const MAX_QUIET_WAIT_MS = 500;

/** A client that takes longer to send a request is slow on purpose. `limitArrival` has the exceptions. */
const REQUEST_MS = 60_000;

/** The same for the headers alone. */
const REQUEST_TIMES = {
  headersTimeout: 30_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
};

/** Serves the app over HTTP. Port 0 takes any free one. */
export async function serve(
  { hono, fastPath }: App,
  {
    host,
    port,
    requestMs = REQUEST_MS,
    ...given
  }: { host: string; port: number; requestMs?: number } & Partial<ConnectionLimits>,
  observe: RequestObserver = createRequestObserver(),
): Promise<RunningServer> {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const defaultPath = getRequestListener(hono.fetch);
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const problem = checkRequest(request);
    if (problem === undefined && !isTooMany(request.socket) && fastPath(request, response)) return;
    showRequestId(request, response);
    if (problem !== undefined) refuse(request, response, problem.status, problem.message);
    else if (isTooMany(request.socket)) refuse(request, response, 503, FULL);
    else defaultPath(request, response);
  };
  /** Requests that are held back while the port closes. */
  let held: (() => void)[] | undefined;
  const server = createServer(
    { ...REQUEST_TIMES, keepAliveTimeout: limits.keepAliveMs },
    (request, response) => {
      if (held === undefined) observe(request, response, answer);
      else held.push(() => observe(request, response, answer));
    },
  );
  // Node would silently drop the headers beyond its limit. A request with too many is refused instead.
  server.maxHeadersCount = 0;
  const busy = trackRequests(server);
  const isTooMany = limitConnections(server, busy, limits.maxConnections);
  endStalledConnections(server, limits.responseStallMs);
  limitArrival(server, requestMs);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(explain(error, host, port));
  }
  // A listening TCP server has an address of this kind.
  const address = server.address() as AddressInfo;
  return {
    url: addressToOpen(address.address, address.port),
    close: ({ idleMs = 0 } = {}) =>
      drain(server, busy, idleMs, async freePort => {
        held = [];
        await untilQuiet(server);
        freePort();
        for (const handle of held.splice(0)) handle();
        held = undefined;
      }),
  };
}

const FULL = 'The server has too many connections. Try again in a moment.';

/** Returns the open connections, each with its number of running requests. */
function trackRequests(server: Server): Map<Socket, number> {
  const connections = new Map<Socket, number>();
  server.on('connection', socket => {
    connections.set(socket, 0);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    connections.set(socket, (connections.get(socket) ?? 0) + 1);
    response.on('close', () => {
      const underWay = connections.get(socket);
      if (underWay !== undefined) connections.set(socket, underWay - 1);
    });
  });
  return connections;
}

/** `atQuiet` calls its argument once no new connection is expected. */
async function drain(
  server: Server,
  connections: ReadonlyMap<Socket, number>,
  idleMs: number,
  atQuiet: (freePort: () => void) => Promise<void>,
): Promise<void> {
  const closed = new Promise<void>(resolve => server.once('close', () => resolve()));
  server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false;
  });
  const freePort = () => void TcpServer.prototype.close.call(server);
  if (idleMs > 0) await atQuiet(freePort);
  else freePort();
  const idleSince = new Map<Socket, number>();
  const started = performance.now();
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const [socket, underWay] of connections) {
      if (underWay > 0) idleSince.delete(socket);
      else if (!idleSince.has(socket)) idleSince.set(socket, now);
      // A new connection gets a moment to send its first request.
      else if (now - (idleSince.get(socket) ?? now) >= idleMs && now - started >= GRACE_MS)
        socket.destroy();
    }
    if (idleMs === 0) server.closeIdleConnections();
  }, SWEEP_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
  // Ends node's timer that checks the connections.
  server.close();
}

/**
 * Waits until no connection has arrived for `QUIET_MS`, and the system has none left to accept: the system resets those when
 * the port closes, and a proxy does not resend a POST. If connections keep arriving, waits for `MAX_QUIET_WAIT_MS`, and then
 * for a turn of the event loop without a new one, for at most the same time again. The server holds requests back meanwhile:
 * a client that waits for a response opens no other connection, nor does a proxy for it.
 */
async function untilQuiet(server: Server): Promise<void> {
  const started = performance.now();
  let last = started;
  const note = () => {
    last = performance.now();
  };
  server.on('connection', note);
  for (;;) {
    await delay(1);
    const known = last;
    const now = performance.now();
    const waited = now - started;
    const isQuiet = now - known >= QUIET_MS || waited >= MAX_QUIET_WAIT_MS;
    // In each turn, node accepts one connection if there is any.
    await nextTurn();
    if ((isQuiet && last === known) || waited >= 2 * MAX_QUIET_WAIT_MS) break;
  }
  server.off('connection', note);
}

function explain(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} on ${host} is taken by another program; set PORT to a free one`;
    case 'EACCES':
      return `PORT ${port} needs rights that this account lacks; set PORT to one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST ${host} is no address of this machine`;
    default:
      return `PORT ${port} on HOST ${host} cannot be listened on: ${error instanceof Error ? error.message : error}`;
  }
}
