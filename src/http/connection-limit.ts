import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections over the limit that get a 503. Further ones are closed immediately. */
const SPARE = 100;
const PATIENCE_MS = 1_000;

/**
 * Limits the open connections of a server to `most`. At the limit, a new connection replaces one that has been idle for a
 * second. Returns a function that tells whether a connection found none to replace. Its request must be rejected. `underWay`
 * has all open connections, oldest first, with the number of their running requests.
 */
export function limitConnections(
  server: Server,
  underWay: ReadonlyMap<Socket, number>,
  most: number,
): (socket: Socket) => boolean {
  const refused = new WeakSet<Socket>();
  /** The time since which each connection has been idle. */
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
    response.on('close', () => idleSince.set(socket, performance.now()));
  });
  return socket => refused.has(socket);
}
