import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { sentSlowly } from './arrival.ts';
import { queueName, readSendQueues } from './send-queues.ts';

const LOOKS = 8;
const SHORTEST_LOOK_MS = 20;

/** Progress of the data that was written to a client. */
interface Progress {
  /** Bytes that the kernel has accepted. */
  taken: number;
  /** Bytes received from the client of a request that may arrive slowly. */
  received: number;
  /** Bytes in the kernel's send queue. */
  queued: number | undefined;
  /** Time of the last change of any of these. */
  since: number;
}

/**
 * Closes each connection whose client reads nothing of a response for `stallMs`, which frees the buffered data. Keeps a
 * client that reads slowly, a client that is sending a request that may arrive slowly, and a connection without pending
 * data, such as an idle event stream.
 */
export function endStalledConnections(server: Server, stallMs: number): void {
  const waiting = new Map<Socket, Progress>();
  const open = new Set<Socket>();
  server.on('connection', socket => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      waiting.delete(socket);
    });
  });
  const look = async () => {
    const now = performance.now();
    const suspects = [...open].filter(socket => !hasMovedOn(socket, waiting, now));
    if (suspects.length === 0) return;
    const queues = await readSendQueues();
    for (const socket of suspects) {
      const progress = waiting.get(socket);
      if (progress === undefined) continue;
      const before = progress.queued;
      progress.queued = queues.get(queueName(socket) ?? '');
      if (before !== undefined && progress.queued !== before) progress.since = now;
      // After `destroy`, the kernel would keep the written data.
      else if (now - progress.since >= stallMs) socket.resetAndDestroy();
    }
  };
  let isLooking = false;
  const timer = setInterval(
    () => {
      if (isLooking) return;
      isLooking = true;
      void look().finally(() => {
        isLooking = false;
      });
    },
    Math.max(stallMs / LOOKS, SHORTEST_LOOK_MS),
  );
  timer.unref();
  server.once('close', () => clearInterval(timer));
}

/**
 * Returns whether no data is pending, or since the last check the kernel accepted some of it or the client sent more of a
 * slow request.
 */
function hasMovedOn(socket: Socket, waiting: Map<Socket, Progress>, now: number): boolean {
  if (socket.writableLength === 0) {
    waiting.delete(socket);
    return true;
  }
  const taken = socket.bytesWritten - unsent(socket);
  const received = sentSlowly(socket);
  const before = waiting.get(socket);
  if (before?.taken === taken && before.received === received) return false;
  waiting.set(socket, { taken, received, queued: undefined, since: now });
  return true;
}

/**
 * Returns the written bytes that the kernel has not accepted. Node counts a large write as unsent until it is complete; its
 * handle has the exact number.
 */
function unsent(socket: Socket): number {
  // Undocumented, but Node's own timeouts use it. Without it, only the kernel's queue shows the progress of a large
  // response.
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? socket.writableLength;
}
