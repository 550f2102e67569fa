import pg from 'pg';
import { DatabaseBusy, endsConnection, isBusy, isDeadlock } from './constraints.ts';

/** A prepared statement. Its name identifies its text: PostgreSQL parses it once per connection and keeps the plan. */
export interface Statement {
  name: string;
  text: string;
}

/** A statement with its values. */
export interface Query {
  statement: Statement;
  values: readonly unknown[];
}

/** What a decision writes, if anything, and its result. */
export interface Decided<Result> {
  write: Query | readonly Query[] | undefined;
  result: Result;
}

/** Hand-written SQL on the pool that Prisma also uses. Each call uses any free connection. */
export interface Sql {
  /** Returns the rows of a statement as objects. */
  rows<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** Returns the rows of a statement as arrays of their columns: faster, for pages of many rows. */
  tuples(statement: Statement, values: readonly unknown[]): Promise<(readonly unknown[])[]>;
  /**
   * Runs a READ COMMITTED transaction in two round trips: BEGIN with the reads, then the writes that `decide` returns with
   * COMMIT. Each read sees everything that was committed before it began. Rolls back and throws if `decide` throws. Throws
   * DatabaseBusy for a temporary failure, whose message says whether the change was undone, and the driver's error for any
   * other failure.
   */
  lookAndWrite<Result>(
    reads: readonly Query[],
    decide: (rows: readonly (readonly object[])[]) => Decided<Result>,
  ): Promise<Result>;
}

/** Returns the hand-written SQL of a pool. */
export function openSql(pool: pg.Pool): Sql {
  return {
    async rows<Row extends object>({ name, text }: Statement, values: readonly unknown[]) {
      const { rows } = await pool.query<Row>({ name, text, values: [...values] });
      return rows;
    },
    async tuples({ name, text }, values) {
      const query: pg.QueryArrayConfig = { name, text, values: [...values], rowMode: 'array' };
      const { rows } = await pool.query(query);
      return rows;
    },
    async lookAndWrite(reads, decide) {
      const client = await connect(pool);
      let sent = 0;
      // Each query also waits for the ones before it, so its timeout is longer.
      const patience = () => {
        sent += 1;
        return { query_timeout: sent * (pool.options.query_timeout ?? 0) };
      };
      const send = ({ statement: { name, text }, values }: Query) =>
        client
          .query<object>({ name, text, values: [...values], ...patience() })
          .catch((error: Error) => {
            throw Object.assign(error, { statement: name });
          });
      let isOpen = true;
      let broken: Error | undefined;
      try {
        const [, ...looked] = await awaitAll(
          inOneWrite(client, () => [
            client.query({ text: BEGIN, ...patience() }),
            ...reads.map(send),
          ]),
        );
        const { write, result } = decide(looked.map(({ rows }) => rows));
        // After a failed write, COMMIT rolls back.
        isOpen = false;
        sent = 0;
        await awaitAll(
          inOneWrite(client, () => [
            ...(write === undefined ? [] : [write].flat().map(send)),
            client.query({ text: 'COMMIT', ...patience() }),
          ]),
        );
        return result;
      } catch (error) {
        const undo = isOpen ? client.query('ROLLBACK') : Promise.resolve();
        await undo.catch((failure: Error) => {
          broken = failure;
        });
        // Only an error from PostgreSQL itself shows that the connection still works.
        if (error instanceof Error && !(error instanceof pg.DatabaseError) && !isOpen)
          broken = error;
        throw explain(error, { isUndone: isOpen });
      } finally {
        client.release(broken);
      }
    },
  };
}

// Planning these statements takes longer than running them. One plan suits any number of rows, since each part finds its
// rows by a complete key. With outdated statistics of a once small table, PostgreSQL would read all rows of a tenant and
// sort them.
const BEGIN = [
  'BEGIN',
  'SET LOCAL plan_cache_mode TO force_generic_plan',
  'SET LOCAL enable_bitmapscan TO off',
  'SET LOCAL enable_sort TO off',
].join('; ');

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw explain(error, { isUndone: true });
  }
}

/**
 * Sends pipelined queries to the socket with one system call. The driver writes each query by itself, which took a fifth of
 * the CPU time of an assignment.
 */
function inOneWrite<Result>(client: pg.PoolClient, send: () => Result): Result {
  // The clients of a pool are instances of Client.
  const { stream } = (client as unknown as pg.Client).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

/** Returns the results of concurrent queries after all have ended. Throws the first error. */
async function awaitAll<Result>(queries: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(queries);
  return await Promise.all(queries);
}

/** `isUndone`: whether no COMMIT was sent. */
function explain(error: unknown, { isUndone }: { isUndone: boolean }): unknown {
  // A deadlock can be retried immediately.
  if (!isBusy(error) || isDeadlock(error)) return error;
  const isCertain = isUndone || (error instanceof pg.DatabaseError && !endsConnection(error));
  return new DatabaseBusy(isCertain || isBeforeSending(error) ? 'undone' : 'unknown', {
    cause: error,
  });
}

/** Returns whether no connection was opened. */
function isBeforeSending(error: unknown): boolean {
  return (
    error instanceof Error &&
    (/timeout exceeded when trying to connect/.test(error.message) ||
      ('code' in error && error.code === 'ECONNREFUSED'))
  );
}

const TIMESTAMPTZ = pg.types.builtins.TIMESTAMPTZ;
const UTC_TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

const parseAnyTimestamp = pg.types.getTypeParser(TIMESTAMPTZ);

/** The driver's parsers, with a faster one for timestamps in UTC, the time zone of every session. */
export const parsers: Pick<typeof pg.types, 'getTypeParser'> = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === TIMESTAMPTZ && format !== 'binary'
      ? parseTimestamp
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

function parseTimestamp(text: string): unknown {
  return UTC_TIMESTAMP.test(text)
    ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
    : parseAnyTimestamp(text);
}
