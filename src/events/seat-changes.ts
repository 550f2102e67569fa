import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Db } from '../db/client.ts';
import { endInTime, SessionClient } from '../db/session.ts';
import { TOKEN_CHANNEL } from './token-changes.ts';

/**
 * Publishes changes to all processes. A notification is only a hint and may get lost: subscribers reread the seat or token.
 */
export interface SeatChanges {
  /** Publishes a change of a seat, batched with other changes, a few milliseconds later. Never throws. */
  announce(seatId: string): void;
  /** Calls `listener` when the seat may have changed in any process. Returns a function that unsubscribes. */
  onChange(seatId: string, listener: () => void): () => void;
  /** Calls `listener` when any seat may have changed. Returns a function that unsubscribes. */
  onAnyChange(listener: () => void): () => void;
  /**
   * Calls `listener` when access tokens, sessions or their actors may have changed in any process. Returns a function that
   * unsubscribes.
   */
  onTokenChange(listener: () => void): () => void;
  /** Publishes the pending changes and closes the connection. */
  close(): Promise<void>;
}

const CHANNEL = 'usher_seat_changes';
/** The channel for checking that the listening connection receives notifications. */
const ECHO_CHANNEL = 'usher_echo';
const ECHO_MS = 2_000;
const LISTEN = [CHANNEL, TOKEN_CHANNEL, ECHO_CHANNEL].map(name => `LISTEN ${name}`).join('; ');
const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 1000;
/** How often the listening connection is checked: a broken one would only stay silent. */
const HEARTBEAT_MS = 10_000;

const DEAF =
  'DATABASE_URL leads to a pooler that passes no notifications on: set DIRECT_DATABASE_URL to the address of PostgreSQL itself. Until then, other processes notice changes with a delay of seconds';

const GATHER_MS = 10;
// A payload is limited to 7999 bytes. An id and its comma have 37.
const IDS_IN_PAYLOAD = 200;

/** The emitter's event name for a seat. The prefix avoids special names such as `error`. */
const eventOf = (seatId: string) => `seat:${seatId}`;
const ANY = 'any';
const TOKENS = 'tokens';
const ECHO = 'echo';

/**
 * Returns a publisher and subscriber of changes with PostgreSQL's LISTEN and NOTIFY. It listens on its own connection, which
 * opens with the first subscription. It sends NOTIFY after the commit and outside the request, because NOTIFY in a
 * transaction serializes all commits. A connection that does not answer within `heartbeatMs` is replaced.
 */
export function openSeatChanges(
  url: string,
  db: Db,
  logger: Logger,
  { heartbeatMs = HEARTBEAT_MS, applicationName = 'usher' } = {},
): SeatChanges {
  const changes = new EventEmitter().setMaxListeners(0);
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let closed = false;

  const gathered = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  let publishing = Promise.resolve();

  async function listen(): Promise<void> {
    if (client || closed) return;
    const opening = new SessionClient({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: heartbeatMs,
      keepAlive: true,
      application_name: applicationName,
    });
    client = opening;
    opening.on('notification', ({ channel, payload = '' }) => {
      if (channel === ECHO_CHANNEL) {
        changes.emit(ECHO, payload);
        return;
      }
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
      await opening.useSettings({});
      await opening.query(LISTEN);
      if (closed || client !== opening) return;
      heartbeat = setInterval(() => {
        heartBeat(opening).catch(error => lost(opening, error));
      }, heartbeatMs);
      // Subscribers have missed all earlier notifications.
      for (const event of changes.eventNames()) if (event !== ECHO) changes.emit(event);
      if (opening.isPooled) await warnIfDeaf();
    } catch (error) {
      lost(opening, error);
    }
  }

  /** Warns about a pooler in transaction mode, which forwards no notifications to a listening client. */
  async function warnIfDeaf(): Promise<void> {
    const echo = randomUUID();
    const heard = new Promise<boolean>(resolve => {
      const settle = (isHeard: boolean) => {
        clearTimeout(deadline);
        changes.off(ECHO, check);
        resolve(isHeard);
      };
      const check = (payload: string) => void (payload === echo && settle(true));
      const deadline = setTimeout(settle, ECHO_MS, false);
      changes.on(ECHO, check);
    });
    await db.$queryRaw`SELECT pg_notify(${ECHO_CHANNEL}, ${echo})::text`;
    if (!(await heard) && !closed) logger.warn(DEAF);
  }

  function lost(connection: pg.Client, error: unknown): void {
    if (closed || client !== connection) return;
    logger.warn({ err: error }, 'lost the connection that listens for seat changes');
    client = undefined;
    clearInterval(heartbeat);
    connection.end().catch(() => undefined);
    retry = setTimeout(listen, RECONNECT_MS);
  }

  async function publish(): Promise<void> {
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

  function subscribe(event: string, listener: () => void): () => void {
    void listen();
    changes.on(event, listener);
    return () => void changes.off(event, listener);
  }

  return {
    announce(seatId) {
      gathered.add(seatId);
      gathering ??= setTimeout(() => {
        publishing = publishing.then(publish);
      }, GATHER_MS);
    },
    onChange: (seatId, listener) => subscribe(eventOf(seatId), listener),
    onAnyChange: listener => subscribe(ANY, listener),
    onTokenChange: listener => subscribe(TOKENS, listener),
    async close() {
      await publishing;
      await publish();
      closed = true;
      clearTimeout(retry);
      clearInterval(heartbeat);
      if (client) await endInTime(client, heartbeatMs);
    },
  };
}

/**
 * Rejects if the connection is no longer useful: a former primary, which is read-only, gets no notifications from the new
 * one.
 */
async function heartBeat(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ transaction_read_only: string }>(
    'SHOW transaction_read_only',
  );
  if (rows[0]?.transaction_read_only === 'on') throw new Error('The database is read-only.');
}
