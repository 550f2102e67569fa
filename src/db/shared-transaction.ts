import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, Transaction } from '@prisma/driver-adapter-utils';
import type pg from 'pg';
import { statementNames, type Tx } from './client.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { openPool } from './session.ts';

/** A transaction on its own connection that hand-written SQL and Prisma share. */
export interface SharedTransaction {
  /** The client for hand-written SQL. Ending it fails the current statement. */
  client: pg.Client;
  /** Returns the Prisma client for the verbs, created on the first call. */
  prisma(): Tx;
  commit(): Promise<void>;
  /** Closes the connection, which rolls back everything that is not committed. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;

/** Begins a READ COMMITTED transaction without a time limit. */
export async function beginSharedTransaction(url: string): Promise<SharedTransaction> {
  const pool = openPool({
    connectionString: url,
    max: 1,
    // Ending a pipelined connection would wait for the running statement.
    pipeline: false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'usher',
    // An import computes for some seconds between statements. If its machine is lost, PostgreSQL ends the transaction.
    settings: { search_path: 'public', idle_in_transaction_session_timeout: '5min' },
  });
  // A broken connection fails the next statement.
  pool.on('error', () => undefined);
  pool.on('connect', connected => connected.on('error', () => undefined));
  try {
    const client = await pool.connect();
    client.release();
    const adapter = await new PrismaPg(pool, {
      statementNameGenerator: statementNames(),
    }).connect();
    // The pool has only this connection, so the transaction uses it.
    const transaction = await adapter.startTransaction('READ COMMITTED');
    let prisma: PrismaClient | undefined;
    return {
      client,
      prisma() {
        prisma ??= prismaInside(transaction);
        return prisma;
      },
      async commit() {
        await client.query('COMMIT');
      },
      async close() {
        await client.end();
        await prisma?.$disconnect();
        // Only returns the connection to the pool, which detects that it has ended.
        await transaction.rollback();
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Returns a Prisma client inside a transaction that the caller begins and ends. Its own transactions are savepoints. */
function prismaInside(outer: Transaction): PrismaClient {
  const { provider, adapterName } = outer;
  const queries = {
    provider,
    adapterName,
    queryRaw: outer.queryRaw.bind(outer),
    executeRaw: outer.executeRaw.bind(outer),
  };
  const adapter: SqlDriverAdapter = {
    ...queries,
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    async startTransaction() {
      const execute = async (sql: string) =>
        void (await outer.executeRaw({ sql, args: [], argTypes: [] }));
      await execute('SAVEPOINT prisma');
      return {
        ...queries,
        // Makes Prisma call these two functions and send no COMMIT or ROLLBACK itself.
        options: { usePhantomQuery: true },
        commit: () => execute('RELEASE SAVEPOINT prisma'),
        rollback: () => execute('ROLLBACK TO SAVEPOINT prisma'),
      };
    },
    executeScript: () => Promise.reject(new Error('Scripts are not supported in a transaction.')),
    dispose: () => Promise.resolve(),
  };
  return new PrismaClient({
    adapter: { provider, adapterName, connect: () => Promise.resolve(adapter) },
    // All other formats quote the values of the query, and error messages may reach the log.
    errorFormat: 'minimal',
  });
}
