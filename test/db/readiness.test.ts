import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/client.ts';
import { listMigrations } from '../../src/db/migrate.ts';
import { NotReady, openReadiness, type Readiness } from '../../src/db/readiness.ts';
import { start } from '../../src/start.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { createDatabase } from '../support/database.ts';
import { createFixture } from '../support/fixture.ts';
import { importFile } from '../support/import.ts';
import { untilWaiting } from '../support/locks.ts';
import { range } from '../support/parallel.ts';
import { MIGRATIONS } from '../support/postgres.ts';
import { statementsOf } from '../support/statements.ts';
import { SECRET_KEY } from '../support/usher.ts';

const LONGEST_ANSWER_MS = 2_000;

let database: Awaited<ReturnType<typeof createDatabase>>;
let proxy: Awaited<ReturnType<typeof startCuttingProxy>>;
const opened: Readiness[] = [];
beforeEach(async () => {
  database = await createDatabase();
  proxy = await startCuttingProxy(database.url);
});
async function closeAll(): Promise<void> {
  for (const readiness of opened.splice(0)) await readiness.close();
}
afterEach(async () => {
  await closeAll();
  await proxy.close();
  await database.drop();
});

async function open({
  url = proxy.url,
  more = [] as string[],
  ...options
}: {
  url?: string;
  more?: string[];
  keepMs?: number;
  lifetimeMs?: number;
} = {}): Promise<Readiness> {
  const migrations = [...(await listMigrations(MIGRATIONS)), ...more];
  const readiness = openReadiness(url, { migrations, keepMs: 0, ...options });
  opened.push(readiness);
  return readiness;
}

async function onDatabase(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

const name = () => new URL(database.url).pathname.slice(1);

/** Why a check fails, and that it says so in time. */
async function reasonOf(readiness: Readiness): Promise<string> {
  const began = performance.now();
  const error = await readiness.check().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(performance.now() - began).toBeLessThan(LONGEST_ANSWER_MS);
  expect(error).toBeInstanceOf(NotReady);
  return (error as NotReady).message;
}

/** Resolves once what was kept of the last check is gone, and the next one passes. */
const untilReady = (readiness: Readiness) =>
  expect
    .poll(() => readiness.check().then(() => 'ready', String), { timeout: 5_000 })
    .toBe('ready');

describe('a database', () => {
  test('that can be written to is ready', async () => {
    await (await open()).check();
  });

  test('that is read-only is not, and is again once it can be written to', async () => {
    await onDatabase(`ALTER DATABASE ${name()} SET default_transaction_read_only TO on`);
    const readiness = await open();
    expect(await reasonOf(readiness)).toBe('the database is read-only');
    await onDatabase(
      `BEGIN READ WRITE; ALTER DATABASE ${name()} RESET default_transaction_read_only; COMMIT`,
    );
    await untilReady(readiness);
  });

  test('that has no free connection any more is ready over the one that it has', async () => {
    const role = `limited_${randomBytes(6).toString('hex')}`;
    await onDatabase(
      `CREATE ROLE ${role} LOGIN PASSWORD 'secret' CONNECTION LIMIT 1; GRANT SELECT ON _prisma_migrations TO ${role}`,
    );
    try {
      const url = new URL(database.url);
      url.username = role;
      url.password = 'secret';
      const first = await open({ url: url.href, lifetimeMs: 0 });
      await first.check();
      expect(await reasonOf(await open({ url: url.href }))).toBe(
        'the database has no free connection',
      );
      await first.check();
      await onDatabase(`ALTER ROLE ${role} CONNECTION LIMIT 2`);
      await first.check();
    } finally {
      await closeAll();
      await onDatabase(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  test('that lacks a migration is not', async () => {
    const readiness = await open({ more: ['29990101000000_later'] });
    expect(await reasonOf(readiness)).toBe('the database lacks migrations');
  });

  test('without the tables is not', async () => {
    await onDatabase('DROP TABLE _prisma_migrations');
    expect(await reasonOf(await open())).toBe('the database lacks migrations');
  });

  test('whose table of migrations is locked is not, and no statement stays there', async () => {
    const readiness = await open();
    await readiness.check();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('BEGIN; LOCK TABLE _prisma_migrations');
    for (const _ of range(3)) {
      expect(await reasonOf(readiness)).toBe('the database does not answer');
    }
    const waiting = () =>
      client
        .query(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'usher readiness' AND datname = current_database()",
        )
        .then(({ rows }) => rows.length);
    await expect.poll(waiting, { timeout: 3_000 }).toBe(0);
    await client.end();
    await untilReady(readiness);
  });

  test('that is cut off is not, in time, and is again over a new connection', async () => {
    const readiness = await open();
    await readiness.check();
    proxy.cutOff();
    expect(await reasonOf(readiness)).toBe('the database does not answer');
    await untilReady(readiness);
  });

  test('that closed the idle connection is ready over a new one', async () => {
    const readiness = await open();
    await readiness.check();
    await onDatabase(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE application_name = 'usher readiness' AND datname = current_database()`,
    );
    await readiness.check();
  });

  test('to which nothing leads any more is not, in time', async () => {
    const readiness = await open();
    proxy.cutOff({ all: true });
    expect(await reasonOf(readiness)).toBe('the database does not answer');
  });
});

test('concurrent checks send one statement', async () => {
  const readiness = await open({ keepMs: 60_000 });
  const sent = await statementsOf(async () => {
    await Promise.all(range(200).map(() => readiness.check()));
    await readiness.check();
  });
  expect(sent.filter(text => /_prisma_migrations/.test(text))).toHaveLength(1);
});

describe('a server', () => {
  const SEATS = 40;

  test('stays ready while all its connections for requests wait', async () => {
    const config = readConfig({
      ...{ DATABASE_URL: database.url, SECRET_KEY, PORT: '0', WORKER: 'false' },
      DATABASE_CONNECTIONS: '2',
    });
    const stop = new AbortController().signal;
    const usher = await start(config, pino({ enabled: false }), () => undefined, stop);
    const { db, close } = openDatabase(database.url, { poolSize: 2 });
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    try {
      const fixture = createFixture({ seats: SEATS });
      await importFile(database.url, fixture.document);
      await holder.query('BEGIN; SELECT 1 FROM subscriptions FOR UPDATE');
      const assigning = range(SEATS).map(n =>
        fetch(`${usher.url}/v1/customer-seats`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${fixture.tokens.organization}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({
            subscription_id: fixture.ids.subscription,
            email: `p${n}@globex.example`,
          }),
        }).then(({ status }) => status),
      );
      await untilWaiting({ db }, 2);
      const began = performance.now();
      const answer = await fetch(`${usher.url}/health/ready`);
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
      expect(performance.now() - began).toBeLessThan(LONGEST_ANSWER_MS);
      await holder.query('COMMIT');
      await Promise.all(assigning);
    } finally {
      await holder.end();
      await close();
      await usher.close(0);
    }
  });

  test('says why it is not ready', async () => {
    const config = readConfig({ DATABASE_URL: proxy.url, SECRET_KEY, PORT: '0', WORKER: 'false' });
    const stop = new AbortController().signal;
    const usher = await start(config, pino({ enabled: false }), () => undefined, stop);
    try {
      proxy.cutOff({ all: true });
      const answer = await fetch(`${usher.url}/health/ready`);
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { status: 'unavailable', reason: 'the database does not answer' },
      ]);
    } finally {
      await usher.close(0);
    }
  });
});
