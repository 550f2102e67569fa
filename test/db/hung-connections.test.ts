import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { isBusy } from '../../src/db/constraints.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { createDatabase } from '../support/database.ts';
import { range } from '../support/parallel.ts';

// A host that dies or is cut off sends no word: its connections stay open, and nothing is answered any more.

const CONNECTIONS = 3;
const TIMEOUT_MS = 300;

let database: Awaited<ReturnType<typeof createDatabase>>;
let proxy: Awaited<ReturnType<typeof startCuttingProxy>>;
let opened: Database;
beforeEach(async () => {
  database = await createDatabase();
  proxy = await startCuttingProxy(database.url);
  opened = openDatabase(proxy.url, {
    poolSize: CONNECTIONS,
    queryTimeoutMs: TIMEOUT_MS,
    closeTimeoutMs: TIMEOUT_MS,
  });
  // All connections are open and in order.
  await Promise.all(range(CONNECTIONS).map(() => opened.sql.rows(SLEEP, [])));
});
afterEach(async () => {
  await opened.close();
  await proxy.close();
  await database.drop();
});

const statement = (text: string) => ({ name: '', text });
const SLEEP = statement('SELECT pg_sleep(0.05)');
const ONE = statement('SELECT 1 AS one');

const failureOf = async (query: Promise<unknown>) => {
  const error = await query.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw new Error('It was answered.');
  return error;
};

const QUERIES: Record<string, (database: Database) => Promise<unknown>> = {
  'hand-written SQL': ({ sql }) => sql.rows(ONE, []),
  'look and write': ({ sql }) =>
    sql.lookAndWrite([{ statement: ONE, values: [] }], () => ({
      write: undefined,
      result: undefined,
    })),
  Prisma: ({ db }) => db.organization.count(),
  'a transaction of Prisma': ({ db }) => db.$transaction(tx => tx.organization.count()),
  'the probe': ({ ping }) => ping(),
};

describe.each(Object.entries(QUERIES))('%s', (_name, query) => {
  test('fails in time on each connection that is cut off, and then works on new ones', async () => {
    proxy.cutOff();
    const failures = await Promise.all(range(CONNECTIONS).map(() => failureOf(query(opened))));
    for (const error of failures) expect(error).toSatisfy(isTemporary);
    await expect(query(opened)).resolves.not.toThrow();
  });
});

/** An error for which the APIs answer 503. */
const isTemporary = (error: unknown) =>
  isBusy(error) || (error instanceof Error && error.name === 'DatabaseBusy');

test('closing ends in time, whatever is under way', async () => {
  const slow = openDatabase(proxy.url, { queryTimeoutMs: 60_000, closeTimeoutMs: TIMEOUT_MS });
  await slow.ping();
  proxy.cutOff({ all: true });
  const hung = [failureOf(slow.ping()), failureOf(slow.db.organization.count())];
  const started = performance.now();
  await slow.close();
  expect(performance.now() - started).toBeLessThan(10_000);
  await Promise.all(hung);
});
