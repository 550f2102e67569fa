import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';
import { prepareSession, type SessionSettings } from './session.ts';
import { openSql, parsers, type Sql } from './sql.ts';

export { Prisma } from './generated/prisma/client.ts';

/** What a verb reads and writes through inside its transaction. */
export type Tx = Prisma.TransactionClient;

/** The database as the faces and the verbs get it: queries, and a way to begin a transaction. */
export type Db = PrismaClient;

export interface Database {
  db: Db;
  sql: Sql;
  /** Resolves when the database answers, rejects when it does not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** The most connections that this process opens. */
  poolSize?: number;
  /** Further settings of each connection. */
  settings?: SessionSettings;
  /** Told of a pooled connection that broke while idle; the pool replaces it by itself. */
  onIdleError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const CACHED_STATEMENTS = 500;
const UNNAMED = '';

const PATIENCE: SessionSettings = {
  enable_seqscan: 'off',
  // A statement gives up before its transaction does, so that one locked row does not hold every connection.
  lock_timeout: '3s',
  statement_timeout: '10s',
};

/** Opens a pool of connections that Prisma and hand-written SQL share. Nothing connects before the first query. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'usher',
    // What `lookAndWrite` sends together goes out in one flush.
    pipeline: true,
    types: parsers,
    onConnect: client => prepareSession(client, { ...PATIENCE, ...options.settings }),
  });
  pool.on('error', error => options.onIdleError?.(error));
  // One that breaks between two statements of a transaction fails the next; without a listener it would end the process.
  pool.on('connect', client => client.on('error', () => undefined));
  const db = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: statementNames() }),
    // Any other format quotes the query's values, and an error's message may reach the log.
    errorFormat: 'minimal',
  });
  return {
    db,
    sql: openSql(pool),
    async ping() {
      await pool.query('SELECT 1');
    },
    async close() {
      await db.$disconnect();
      await pool.end();
    },
  };
}

/** Names the first statements it sees, so that PostgreSQL keeps their plans; the rest stay unnamed, so that memory is bounded. */
export function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= CACHED_STATEMENTS) return UNNAMED;
    const name = `usher_${names.size}`;
    names.set(sql, name);
    return name;
  };
}
