import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import { openDatabase } from '../../src/db/client.ts';
import { openSeatChanges } from '../../src/events/seat-changes.ts';
import { serve } from '../../src/server.ts';
import { SECRET_KEY, type TestUsher } from './usher.ts';

/** A second server on the database of a running one. It shares nothing else with it. */
export interface SecondServer {
  url: string;
  /** Returns how many callers wait here for a seat to change. */
  listeners(): number;
  /** Shuts down as the program does: tells the waiting callers, and drains. */
  close(): Promise<void>;
}

/** Starts a second server; the caller closes it, before the first. */
export async function startSecond(usher: TestUsher): Promise<SecondServer> {
  const { db, sql, ping, close } = openDatabase(usher.databaseUrl, { poolSize: 3 });
  const logger = pino({ enabled: false });
  const changes = openSeatChanges(usher.databaseUrl, db, logger);
  const stopping = new AbortController();
  let listeners = 0;
  const app = createApp({
    db,
    sql,
    secretKey: SECRET_KEY,
    changes: {
      ...changes,
      onChange(seatId, listener) {
        const forget = changes.onChange(seatId, listener);
        listeners += 1;
        return () => {
          listeners -= 1;
          forget();
        };
      },
    },
    publicUrl: () => server.url,
    stopping: stopping.signal,
    logger,
    ready: ping,
  });
  const server = await serve(app, { host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    listeners: () => listeners,
    async close() {
      stopping.abort();
      await server.close();
      await changes.close();
      await close();
    },
  };
}
