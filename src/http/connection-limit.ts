import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How many connections past the limit are told so; more are closed at once. */
const SPARE = 100;
const PATIENCE_MS = 1_000;

/**
 * Holds a server to a number of open connections. Where they are all taken, idle ones are closed to make room. Says of
 * a connection whether it is one too many, whose request is to be refused.
 */
export function limitConnections(
  server: Server,
  connections: { readonly size: number },
  most: number,
): (socket: Socket) => boolean {
  const refused = new WeakSet<Socket>();
  let cleared = 0;
  server.maxConnections = most + SPARE;
  server.on('connection', socket => {
    if (connections.size <= most) return;
    refused.add(socket);
    const patience = setTimeout(() => socket.destroy(), PATIENCE_MS);
    socket.once('close', () => clearTimeout(patience));
    const now = performance.now();
    if (now - cleared < PATIENCE_MS) return;
    cleared = now;
    server.closeIdleConnections();
  });
  return socket => refused.has(socket);
}
