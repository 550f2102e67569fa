import pg from 'pg';
import { isConnectionLost, isPoolerAlone, TOO_MANY_CONNECTIONS } from './constraints.ts';
import { breakOff } from './session.ts';

/** Error for a process that cannot serve. The message says why, and anyone may see it. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
}

/** Checks whether the database can serve requests. */
export interface Readiness {
  /** Resolves if it can. Otherwise rejects with NotReady, within two seconds. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface ReadinessOptions {
  /** The migrations that this program needs, by name. */
  migrations: readonly string[];
  /** How long a result is reused. */
  keepMs?: number;
  /** The maximum age of a connection. A new connection gets the current settings of the database. */
  lifetimeMs?: number;
}

const KEEP_MS = 1_000;
const CONNECT_TIMEOUT_MS = 1_000;
const QUERY_TIMEOUT_MS = 800;
const LIFETIME_MS = 5_000;
/** A connection that was closed earlier fails within this time. Later, no time is left for another one. */
const QUICK_MS = 200;

// The server also times out, so that no statements of earlier checks pile up there.
const CHECK = `
  BEGIN;
  SET LOCAL statement_timeout TO '${QUERY_TIMEOUT_MS}ms';
  SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS "isReadOnly";
  SELECT migration_name AS name FROM public._prisma_migrations
   WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL;
  COMMIT`;

/**
 * Returns a check with its own connection, so that it does not wait for requests. Concurrent calls share one check, and its
 * result is reused for one second. After a failure, the next check opens a new connection, which may reach another server.
 */
export function openReadiness(
  url: string,
  { migrations, keepMs = KEEP_MS, lifetimeMs = LIFETIME_MS }: ReadinessOptions,
): Readiness {
  let connection: { client: pg.Client; openedAt: number } | undefined;
  let shared: Promise<void> | undefined;
  /** When the result of `shared` expires; infinite while the check runs. */
  let keptUntil = 0;

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'usher readiness',
    });
    // A connection that breaks fails the next check.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      breakOff(client);
      throw error;
    }
    disconnect();
    connection = { client, openedAt: performance.now() };
    return client;
  }

  /** Returns a connection younger than `lifetimeMs`, or the old one if requests use all connections of the database. */
  async function connected(): Promise<pg.Client> {
    if (connection === undefined) return await connect();
    const { client, openedAt } = connection;
    if (performance.now() - openedAt < lifetimeMs) return client;
    try {
      return await connect();
    } catch (error) {
      if (codeOf(error) === TOO_MANY_CONNECTIONS || isPoolerAlone(error)) return client;
      throw error;
    }
  }

  function disconnect(): void {
    // The server may no longer answer.
    if (connection) breakOff(connection.client);
    connection = undefined;
  }

  async function look(): Promise<void> {
    const isReused = connection !== undefined;
    const began = performance.now();
    try {
      await lookWith(await connected(), migrations);
    } catch (error) {
      disconnect();
      if (error instanceof NotReady) throw error;
      // PostgreSQL, a pooler or a firewall may have closed the idle connection.
      const isStale = isReused && isConnectionLost(error);
      if (isStale && performance.now() - began < QUICK_MS) await look();
      else throw new NotReady(reasonOf(error));
    }
  }

  return {
    check() {
      if (shared === undefined || performance.now() >= keptUntil) {
        keptUntil = Number.POSITIVE_INFINITY;
        shared = look().finally(() => {
          keptUntil = performance.now() + keepMs;
        });
      }
      return shared;
    },
    async close() {
      await shared?.catch(() => undefined);
      disconnect();
    },
  };
}

/** Throws NotReady for a database that cannot serve requests, and the driver's error if the database does not answer. */
async function lookWith(client: pg.Client, migrations: readonly string[]): Promise<void> {
  // A query of several statements returns an array of results.
  const results = (await client.query(CHECK)) as unknown as pg.QueryResult[];
  const [, , state, applied] = results;
  if (state?.rows[0]?.isReadOnly) throw new NotReady('the database is read-only');
  const names = new Set(applied?.rows.map(({ name }) => name));
  if (!migrations.every(name => names.has(name))) {
    throw new NotReady('the database lacks migrations');
  }
}

// PostgreSQL: no table, no schema; too many connections; starting up, or shutting down.
const REASONS: Readonly<Record<string, string>> = {
  '42P01': 'the database lacks migrations',
  '3F000': 'the database lacks migrations',
  '42501': 'the database denies access to the table of migrations',
  [TOO_MANY_CONNECTIONS]: 'the database has no free connection',
  '57P01': 'the database shuts down or starts',
  '57P03': 'the database shuts down or starts',
};

function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? 'the database does not answer';
}

function codeOf(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? '') : '';
}
