import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How many connections past the limit are told so; more are closed at once. */
const SPARE = 100;
const PATIENCE_MS = 1_000;

/**
 * Holds a server to a number of open connections. Where all are taken, a new one takes the place of one that has no request
 * under way for a second. Says of a connection whether there was no such place, so that its request is to be refused.
 * `underWay` has every open connection, the oldest first, with its number of requests.
 */
export function limitConnections(
  server: Server,
  underWay: ReadonlyMap<Socket, number>,
  most: number,
): (socket: Socket) => boolean {
  const refused = new WeakSet<Socket>();
  /** Since when a connection has nothing to do. */
  const idleSince = new WeakMap<Socket, number>();
  const findIdle = (now: number): Socket | undefined => {
    for (const [socket, requests] of underWay) {
      const since = idleSince.get(socket) ?? now;
      if (requests === 0 && now - since > PATIENCE_MS && !socket.destroyed) return socket;
    }
    return undefined;
  };
  server.maxConnections = most + SPARE;
  server.on('connection', socket => {
    const now = performance.now();
    idleSince.set(socket, now);
    if (underWay.size <= most) return;
    const idle = findIdle(now);
    if (idle !== undefined) return void idle.destroy();
    refused.add(socket);
    const patience = setTimeout(() => socket.destroy(), PATIENCE_MS);
    socket.once('close', () => clearTimeout(patience));
  });
  server.on('request', ({ socket }, response) => {
    response.once('close', () => idleSince.set(socket, performance.now()));
  });
  return socket => refused.has(socket);
}
