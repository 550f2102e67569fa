import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Db } from '../db/client.ts';
import { prepareSession } from '../db/session.ts';
import { TOKEN_CHANNEL } from './token-changes.ts';

/** Tells every process what has changed, right after it has. A hint, which may get lost: look at the seat, or the token. */
export interface SeatChanges {
  /** Never fails: what it tells of has happened. It is told a moment later, together with other seats' changes. */
  announce(seatId: string): void;
  /** Calls `listener` when the seat may have changed, in whichever process; returns what stops that. */
  onChange(seatId: string, listener: () => void): () => void;
  /** Calls `listener` when any seat may have changed; returns what stops that. */
  onAnyChange(listener: () => void): () => void;
  /** Calls `listener` when tokens, or what they stand for, may have changed in another process; returns what stops that. */
  onTokenChange(listener: () => void): () => void;
  /** Tells what is still to be told, and stops listening. */
  close(): Promise<void>;
}

const CHANNEL = 'usher_seat_changes';
const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 1000;

const GATHER_MS = 10;
// A payload has fewer than 8,000 bytes, an id 36 and its comma.
const IDS_IN_PAYLOAD = 200;

/** The emitter's name for a seat: its own names, such as `error`, mean something else. */
const eventOf = (seatId: string) => `seat:${seatId}`;
const ANY = 'any';
const TOKENS = 'tokens';

/**
 * LISTEN and NOTIFY on a connection of its own, opened with the first listener. Announcements are sent after the
 * commit, and apart from the request: inside a transaction a NOTIFY would make all commits queue.
 */
export function openSeatChanges(url: string, db: Db, logger: Logger): SeatChanges {
  const changes = new EventEmitter().setMaxListeners(0);
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const gathered = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  let telling = Promise.resolve();

  async function listen(): Promise<void> {
    if (client || closed) return;
    const opening = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'usher',
    });
    client = opening;
    opening.on('notification', ({ channel, payload = '' }) => {
      if (channel === TOKEN_CHANNEL) {
        changes.emit(TOKENS);
        return;
      }
      for (const seatId of payload.split(',')) changes.emit(eventOf(seatId));
      changes.emit(ANY);
    });
    opening.on('error', error => lost(opening, error));
    try {
      await opening.connect();
      await prepareSession(opening);
      await opening.query(`LISTEN ${CHANNEL}; LISTEN ${TOKEN_CHANNEL}`);
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

  async function tell(): Promise<void> {
    clearTimeout(gathering);
    gathering = undefined;
    const seatIds = [...gathered];
    gathered.clear();
    try {
      for (let start = 0; start < seatIds.length; start += IDS_IN_PAYLOAD) {
        const payload = seatIds.slice(start, start + IDS_IN_PAYLOAD).join();
        await db.$queryRaw`SELECT pg_notify(${CHANNEL}, ${payload})::text`;
      }
    } catch (error) {
      logger.warn({ err: error }, 'could not announce that seats have changed');
    }
  }

  function hear(event: string, listener: () => void): () => void {
    void listen();
    changes.on(event, listener);
    return () => void changes.off(event, listener);
  }

  return {
    announce(seatId) {
      gathered.add(seatId);
      gathering ??= setTimeout(() => {
        telling = telling.then(tell);
      }, GATHER_MS);
    },
    onChange: (seatId, listener) => hear(eventOf(seatId), listener),
    onAnyChange: listener => hear(ANY, listener),
    onTokenChange: listener => hear(TOKENS, listener),
    async close() {
      await telling;
      await tell();
      closed = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}
