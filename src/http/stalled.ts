import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { queueName, readSendQueues } from './send-queues.ts';

const LOOKS = 8;
const SHORTEST_LOOK_MS = 20;

/** How far a client is with what was written to it. */
interface Progress {
  /** How many bytes the kernel has taken. */
  taken: number;
  /** How many of those the client has not. */
  queued: number | undefined;
  /** Since when neither has changed. */
  since: number;
}

/**
 * Ends each connection whose client takes nothing of an answer for `stallMs`, so that what waits for it is freed. A client
 * that reads, however slowly, stays; so does a connection on which nothing waits, such as a quiet event stream.
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
      // Not `destroy`: the kernel would go on keeping what was written.
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

/** Whether nothing waits to be sent, or the kernel has taken some of it since the last look. */
function hasMovedOn(socket: Socket, waiting: Map<Socket, Progress>, now: number): boolean {
  if (socket.writableLength === 0) {
    waiting.delete(socket);
    return true;
  }
  const taken = socket.bytesWritten - unsent(socket);
  if (waiting.get(socket)?.taken === taken) return false;
  waiting.set(socket, { taken, queued: undefined, since: now });
  return true;
}

/** How much of what was written the kernel has not taken. Node counts a long text as unsent until all of it is; its handle knows. */
function unsent(socket: Socket): number {
  // Undocumented, and what node's own timeouts go by; without it a large answer is told only by the kernel's queue.
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? socket.writableLength;
}
