import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, Transaction } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { statementNames, type Tx } from './client.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { prepareSession } from './session.ts';

/** One transaction on a connection of its own, in which SQL by hand and Prisma take turns. */
export interface SharedTransaction {
  /** For SQL by hand. To end it fails the statement under way, whosever it is. */
  client: pg.Client;
  /** For the verbs. Prisma is loaded by the first call, and not at all without one. */
  prisma(): Tx;
  commit(): Promise<void>;
  /** Closes the connection. What was not committed has not happened. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;

/** Begins one, READ COMMITTED, that may take as long as it takes. */
export async function beginSharedTransaction(url: string): Promise<SharedTransaction> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'usher',
    onConnect: client => prepareSession(client),
  });
  // A connection that breaks fails the statement that needs it.
  pool.on('error', () => undefined);
  pool.on('connect', connected => connected.on('error', () => undefined));
  try {
    const client = await pool.connect();
    client.release();
    const adapter = await new PrismaPg(pool, {
      statementNameGenerator: statementNames(),
    }).connect();
    // The pool has but this one connection, so that the transaction is on it.
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
        // Only gives the connection back to the pool, which finds that it has ended.
        await transaction.rollback();
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Prisma in a transaction that somebody else began and will end: what it begins itself is a savepoint in there. */
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
        // Prisma is to leave COMMIT and ROLLBACK to these two.
        options: { usePhantomQuery: true },
        commit: () => execute('RELEASE SAVEPOINT prisma'),
        rollback: () => execute('ROLLBACK TO SAVEPOINT prisma'),
      };
    },
    executeScript: () => Promise.reject(new Error('There are no scripts in a transaction.')),
    dispose: () => Promise.resolve(),
  };
  return new PrismaClient({
    adapter: { provider, adapterName, connect: () => Promise.resolve(adapter) },
    // Any other format quotes the query's values, and an error's message may reach the log.
    errorFormat: 'minimal',
  });
}
