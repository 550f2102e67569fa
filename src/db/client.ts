import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';
import { observePool, type StatementObserver } from './observed-pool.ts';
import { renewWhenReadOnly } from './renew-connections.ts';
import { breakOff, openPool, type SessionSettings } from './session.ts';
import { openSql, parsers, type Sql } from './sql.ts';

export { Prisma } from './generated/prisma/client.ts';

/** The Prisma client inside a transaction. */
export type Tx = Prisma.TransactionClient;

/** The Prisma client outside a transaction. */
export type Db = PrismaClient;

export interface Database {
  db: Db;
  sql: Sql;
  /** The connections of both. */
  pool: pg.Pool;
  /** Resolves if the database answers, and rejects otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Name of the connections in `pg_stat_activity`. */
  applicationName?: string;
  /** Observes each statement. */
  observer?: StatementObserver | undefined;
  /** The largest number of connections of this process. */
  poolSize?: number;
  /** How long to wait for a new connection. */
  connectTimeoutMs?: number;
  /** Further settings of each connection. */
  settings?: SessionSettings;
  /** How long to wait for a query before its connection counts as dead. */
  queryTimeoutMs?: number;
  /** How long `close` waits for running queries. */
  closeTimeoutMs?: number;
  /** Called when an idle connection breaks. The pool replaces it. */
  onIdleError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Longer than `statement_timeout`: a live server has answered by then. A server that has vanished never answers. */
const QUERY_TIMEOUT_MS = 12_000;
const CLOSE_TIMEOUT_MS = 5_000;
/** The maximum age of a connection. A new connection reaches a new primary and gets new settings of the database. */
const MAX_LIFETIME_SECONDS = 1_800;
const CACHED_STATEMENTS = 500;
const UNNAMED = '';

const SETTINGS: SessionSettings = {
  // Prisma writes to `public` regardless of the search path.
  search_path: 'public',
  enable_seqscan: 'off',
  // A statement times out before its transaction does, so that one locked row does not block every connection.
  lock_timeout: '3s',
  statement_timeout: '10s',
  // If a process vanishes, PostgreSQL releases the locks of its transaction after this time.
  idle_in_transaction_session_timeout: '15s',
};

/** Opens a connection pool that Prisma and hand-written SQL share. Connects on the first query. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = openPool({
    connectionString: url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    query_timeout: options.queryTimeoutMs ?? QUERY_TIMEOUT_MS,
    maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
    keepAlive: true,
    application_name: options.applicationName ?? 'usher',
    types: parsers,
    settings: { ...SETTINGS, ...options.settings },
  });
  if (options.observer !== undefined) observePool(pool, options.observer);
  pool.on('error', error => options.onIdleError?.(error));
  // If a connection breaks between two statements, the next one fails. Without a listener, the error would end the process.
  const clients = new Set<pg.PoolClient>();
  pool.on('connect', client => {
    clients.add(client);
    client.on('error', () => undefined);
  });
  pool.on('remove', client => clients.delete(client));
  renewWhenReadOnly(pool, clients);
  const db = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: statementNames() }),
    // All other formats quote the values of the query, and error messages may reach the log.
    errorFormat: 'minimal',
  });
  return {
    db,
    sql: openSql(pool),
    pool,
    async ping() {
      await pool.query('SELECT 1');
    },
    async close() {
      // `pool.end` resolves before PostgreSQL has closed the connections, which keep the program alive.
      setTimeout(() => {
        for (const client of clients) breakOff(client);
      }, options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS).unref();
      await db.$disconnect();
      await pool.end();
    },
  };
}

/**
 * Returns a function that names the first 500 statements, so that PostgreSQL keeps their plans. Later ones stay unnamed,
 * which bounds memory.
 */
export function statementNames(prefix = 'usher'): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= CACHED_STATEMENTS) return UNNAMED;
    const name = `${prefix}_${names.size}`;
    names.set(sql, name);
    return name;
  };
}
