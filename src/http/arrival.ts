import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const LOOKS = 8;
const LONGEST_LOOK_MS = 5_000;
const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/** The requests that may arrive slowly, by their connections. */
const slow = new WeakMap<Socket, IncomingMessage>();

/**
 * Exempts a request from `limitArrival`. Its handler reads the body part by part, and limits the time between two parts.
 * While the body arrives, the client may leave the response unread.
 */
export function allowSlowArrival(request: IncomingMessage): void {
  slow.set(request.socket, request);
}

/** Returns the number of bytes received on a connection while a slow request arrives; otherwise 0. */
export function sentSlowly(socket: Socket): number {
  return slow.get(socket)?.complete === false ? socket.bytesRead : 0;
}

/** Closes the connection of each request whose body does not arrive within `ms` after its headers. */
export function limitArrival(server: Server, ms: number): void {
  const arriving = new Map<IncomingMessage, { response: ServerResponse; since: number }>();
  server.on('request', (request, response) => {
    arriving.set(request, { response, since: performance.now() });
    response.once('close', () => arriving.delete(request));
  });
  const timer = setInterval(
    () => {
      const now = performance.now();
      for (const [request, { response, since }] of arriving) {
        if (request.complete || slow.get(request.socket) === request) arriving.delete(request);
        else if (now - since >= ms) end(request, response);
      }
    },
    Math.min(ms / LOOKS, LONGEST_LOOK_MS),
  );
  timer.unref();
  server.once('close', () => clearInterval(timer));
}

function end({ socket }: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) socket.destroy();
  else socket.end(TIMED_OUT, () => socket.destroy());
}
