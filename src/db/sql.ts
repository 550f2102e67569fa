import pg from 'pg';
import { DatabaseBusy, isBusy, isDeadlock } from './constraints.ts';

/** A statement by hand. Its name stands for its text: each connection has PostgreSQL parse it once, and keeps the plan. */
export interface Statement {
  name: string;
  text: string;
}

/** A statement with its values. */
export interface Query {
  statement: Statement;
  values: readonly unknown[];
}

/** SQL by hand on the connections that Prisma uses too, each call on whichever is free. */
export interface Sql {
  /** The rows of a statement, by the names of their columns. */
  rows<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** The rows of a statement, as their columns in order. */
  tuples<Row extends readonly unknown[]>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]>;
  /**
   * `tuples` of a statement that changes something, all of it or nothing. Throws DatabaseBusy, which says what has become
   * of the change, where the database could not do it now, and the driver's own error for any other failure.
   */
  change<Row extends readonly unknown[]>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]>;
  /**
   * A READ COMMITTED transaction in two round trips: the reads go out with BEGIN, and the write that `decide` makes of
   * their rows goes out with COMMIT. Each read sees what was committed before it began. Throws what `decide` throws, with
   * nothing changed, and otherwise as `change` does.
   */
  lookAndWrite<Result>(
    reads: readonly Query[],
    decide: (rows: readonly (readonly object[])[]) => { write: Query | undefined; result: Result },
  ): Promise<Result>;
}

// PostgreSQL's word that this connection ends, which can come after the commit.
const ENDING = ['57P01', '57P02', '57P03'];

/** Opens SQL by hand on a pool. */
export function openSql(pool: pg.Pool): Sql {
  async function tuples<Row extends readonly unknown[]>(
    { name, text }: Statement,
    values: readonly unknown[],
  ) {
    const query: pg.QueryArrayConfig = { name, text, values: [...values], rowMode: 'array' };
    const { rows } = await pool.query(query);
    // Whoever wrote the statement knows its columns.
    return rows as unknown as Row[];
  }
  return {
    tuples,
    async rows<Row extends object>({ name, text }: Statement, values: readonly unknown[]) {
      const { rows } = await pool.query<Row>({ name, text, values: [...values] });
      return rows;
    },
    async change(statement, values) {
      try {
        return await tuples(statement, values);
      } catch (error) {
        throw explain(error);
      }
    },
    async lookAndWrite(reads, decide) {
      const client = await connect(pool);
      const send = ({ statement: { name, text }, values }: Query) =>
        client.query<object>({ name, text, values: [...values] });
      let isOpen = true;
      let broken: Error | undefined;
      try {
        const [, ...looked] = await settle([client.query(BEGIN), ...reads.map(send)]);
        const { write, result } = decide(looked.map(({ rows }) => rows));
        const written = write === undefined ? [] : [send(write)];
        // After a write that failed, COMMIT rolls back.
        isOpen = false;
        await settle([...written, client.query('COMMIT')]);
        return result;
      } catch (error) {
        const undo = isOpen ? client.query('ROLLBACK') : Promise.resolve();
        await undo.catch((failure: Error) => {
          broken = failure;
        });
        throw explain(error);
      } finally {
        client.release(broken);
      }
    },
  };
}

// To plan these statements anew takes longer than to run them. One plan serves every number of rows: each part finds its
// rows by a whole key.
const BEGIN = 'BEGIN; SET LOCAL plan_cache_mode TO force_generic_plan';

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw explain(error);
  }
}

/** The results of queries that were sent together, once all are back. Throws the first error. */
async function settle<Result>(queries: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(queries);
  return await Promise.all(queries);
}

function explain(error: unknown): unknown {
  // A deadlock can be tried again at once.
  if (!isBusy(error) || isDeadlock(error)) return error;
  const isCertain = error instanceof pg.DatabaseError && !ENDING.includes(error.code ?? '');
  return new DatabaseBusy(isCertain || isBeforeSending(error) ? 'undone' : 'unknown', {
    cause: error,
  });
}

/** Whether there was no connection to begin with. */
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

/** The driver's parsers, but for a faster one of timestamps in UTC, as which every session here gives them. */
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
