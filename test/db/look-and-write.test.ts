import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { DatabaseBusy, violatedConstraint } from '../../src/db/constraints.ts';
import type { Query } from '../../src/db/sql.ts';
import { createDatabase } from '../support/database.ts';

let url: string;
let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const created = await createDatabase();
  url = created.url;
  drop = created.drop;
  // One connection: a transaction that stays open would hold up everything after it.
  database = openDatabase(url, { poolSize: 1, settings: { lock_timeout: '200ms' } });
  await database.db.$executeRaw`CREATE TABLE things (id integer PRIMARY KEY CHECK (id < 100))`;
});
afterAll(async () => {
  await database.close();
  await drop();
});

const query = (name: string, text: string, values: readonly unknown[] = []): Query => ({
  statement: { name, text },
  values,
});
const COUNT = query('count_things', 'SELECT count(*)::integer AS n FROM things');
const insert = (id: number) => query('insert_thing', 'INSERT INTO things VALUES ($1)', [id]);

const countOf = (rows: readonly (readonly object[])[]) => (rows.at(-1) as [{ n: number }])[0].n;
const count = async () =>
  await database.sql.lookAndWrite([COUNT], rows => ({ write: undefined, result: countOf(rows) }));

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error,
  );
}

describe('a transaction in two round trips', () => {
  test('writes what is decided on what was read', async () => {
    const before = await count();
    const seen = await database.sql.lookAndWrite([COUNT], rows => ({
      write: insert(1),
      result: countOf(rows),
    }));
    expect(seen).toBe(before);
    expect(await count()).toBe(before + 1);
  });

  test('changes nothing where the decision throws', async () => {
    const before = await count();
    const refused = new Error('no');
    const work = database.sql.lookAndWrite([COUNT], () => {
      throw refused;
    });
    expect(await failureOf(work)).toBe(refused);
    expect(await count()).toBe(before);
  });

  test('changes nothing where a constraint refuses the write, and says which', async () => {
    const before = await count();
    const work = database.sql.lookAndWrite([COUNT], () => ({ write: insert(100), result: 1 }));
    expect(violatedConstraint(await failureOf(work))).toBe('things_id_check');
    expect(await count()).toBe(before);
  });

  test('changes nothing where a read fails', async () => {
    const before = await count();
    const broken = query('no_such_table', 'SELECT FROM nowhere');
    const work = database.sql.lookAndWrite([broken, COUNT], () => ({
      write: insert(2),
      result: 1,
    }));
    expect(String(await failureOf(work))).toContain('nowhere');
    expect(await count()).toBe(before);
  });

  test('says that nothing was changed where the connection ends before COMMIT is sent', async () => {
    const before = await count();
    const end = query('end_own_connection', 'SELECT pg_terminate_backend(pg_backend_pid())');
    const failure = await failureOf(
      database.sql.lookAndWrite([end], () => ({ write: insert(3), result: 1 })),
    );
    expect(failure).toBeInstanceOf(DatabaseBusy);
    expect((failure as DatabaseBusy).isUndone).toBe(true);
    expect(await count()).toBe(before);
  });

  test('gives up where a lock takes too long, with nothing changed', async () => {
    const other = openDatabase(url, { poolSize: 1 });
    try {
      await other.db.$transaction(async tx => {
        await tx.$executeRaw`LOCK TABLE things IN ACCESS EXCLUSIVE MODE`;
        const error = await failureOf(count());
        expect(error).toBeInstanceOf(DatabaseBusy);
        expect(error).toMatchObject({ isUndone: true });
      });
    } finally {
      await other.close();
    }
    expect(await count()).toBeGreaterThanOrEqual(0);
  });

  test('does not say that nothing was changed where the connection breaks at the commit', async () => {
    const other = openDatabase(url, { poolSize: 1 });
    const ends = query('end_backend', 'SELECT pg_terminate_backend(pg_backend_pid())');
    try {
      const error = await failureOf(
        other.sql.lookAndWrite([COUNT], () => ({ write: ends, result: 1 })),
      );
      expect(error).toBeInstanceOf(DatabaseBusy);
      expect(error).toMatchObject({ isUndone: false });
      const rows = await other.sql.rows<{ n: number }>(COUNT.statement, []);
      expect(rows).toHaveLength(1);
    } finally {
      await other.close();
    }
  });
});
