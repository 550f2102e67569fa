import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Db } from '../db/client.ts';

/** Tells every process that a seat has changed, right after it has. A hint, which may get lost: look at the seat. */
export interface SeatChanges {
  /** Never rejects: what it tells of has happened. */
  announce(seatId: string): Promise<void>;
  /** Calls `listener` when the seat may have changed, in whichever process; returns what stops that. */
  onChange(seatId: string, listener: () => void): () => void;
  close(): Promise<void>;
}

const CHANNEL = 'usher_seat_changes';
const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 1000;

/** The emitter's name for a seat: its own names, such as `error`, mean something else. */
const eventOf = (seatId: string) => `seat:${seatId}`;

/**
 * LISTEN and NOTIFY on a connection of its own, opened with the first listener. Announcements are sent after the
 * commit, on their own: inside a transaction a NOTIFY would make all commits queue.
 */
export function openSeatChanges(url: string, db: Db, logger: Logger): SeatChanges {
  const changes = new EventEmitter().setMaxListeners(0);
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  async function listen(): Promise<void> {
    if (client || closed) return;
    const opening = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'usher',
    });
    client = opening;
    opening.on('notification', ({ payload }) => changes.emit(eventOf(payload ?? '')));
    opening.on('error', error => lost(opening, error));
    try {
      await opening.connect();
      await opening.query(`LISTEN ${CHANNEL}`);
      // Nobody heard what was announced before this.
      for (const event of changes.eventNames()) changes.emit(event);
    } catch (error) {
      lost(opening, error);
    }
  }

  function lost(connection: pg.Client, error: unknown): void {
    if (closed || client !== connection) return;
    logger.warn({ err: error }, 'lost the connection that listens for seat changes');
    client = undefined;
    connection.end().catch(() => undefined);
    retry = setTimeout(listen, RECONNECT_MS);
  }

  return {
    async announce(seatId) {
      try {
        await db.$queryRaw`SELECT pg_notify(${CHANNEL}, ${seatId})::text`;
      } catch (error) {
        logger.warn({ err: error }, 'could not announce that a seat has changed');
      }
    },
    onChange(seatId, listener) {
      void listen();
      changes.on(eventOf(seatId), listener);
      return () => void changes.off(eventOf(seatId), listener);
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}
