import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { connectDatabase } from '../../src/database.ts';
import { openDatabase } from '../../src/db/client.ts';
import { isBusy } from '../../src/db/constraints.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openSeatChanges } from '../../src/events/seat-changes.ts';
import { createDatabase } from '../support/database.ts';
import { hasPrograms } from '../support/debian-programs.ts';
import {
  changeSettings,
  namedBy,
  OF_A_POOL,
  REQUIRED,
  SHOW,
} from '../support/different-settings.ts';
import { createFixture } from '../support/fixture.ts';
import { importFile } from '../support/import.ts';
import { inParallel, range } from '../support/parallel.ts';
import { type PgBouncer, type PgBouncerOptions, startPgBouncer } from '../support/pgbouncer.ts';
import { MIGRATIONS } from '../support/postgres.ts';
import { type Program, runProgram } from '../support/program.ts';
import { SECRET_KEY, startUsher } from '../support/usher.ts';

// usher behind PgBouncer. In transaction mode, the connections of PostgreSQL go from client to client.

const POOLERS: (PgBouncerOptions & { title: string })[] = [
  { title: '1.18, transactions', program: 'pgbouncer', mode: 'transaction' },
  {
    title: '1.18, transactions, connections by turns',
    program: 'pgbouncer',
    mode: 'transaction',
    settings: ['server_round_robin = 1', 'server_reset_query_always = 1'],
  },
  { title: '1.18, sessions', program: 'pgbouncer', mode: 'session' },
  { title: '1.24, transactions', program: 'pgbouncer-1.24', mode: 'transaction' },
  {
    title: '1.24, transactions, without prepared statements',
    program: 'pgbouncer-1.24',
    mode: 'transaction',
    settings: ['max_prepared_statements = 0'],
  },
  { title: '1.24, sessions', program: 'pgbouncer-1.24', mode: 'session' },
];

const PROGRAMS = ['pgbouncer', 'pgbouncer-1.24'] as const;

describe.runIf(hasPrograms(...PROGRAMS)).each(PROGRAMS)('%s', program => {
  test.each([
    [['default_pool_size = 1', 'query_wait_timeout = 1'], 'query_wait_timeout'],
    [['max_client_conn = 1'], 'no more connections allowed'],
  ])('with %j and no connection to spare is a busy database', async (settings, said) => {
    const database = await createDatabase();
    const pooler = await startPgBouncer(database.url, { program, mode: 'session', settings });
    const url = pooler.through(database.url);
    // PgBouncer may still have the connection that waited for its start.
    const holder = await vi.waitFor(async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }, 10_000);
    await holder.query('SELECT 1');
    const { db, sql, close } = openDatabase(url);
    try {
      for (const query of [
        () => sql.rows({ name: '', text: 'SELECT 1' }, []),
        () => db.organization.count(),
      ]) {
        const error: unknown = await query().then(
          () => 'answered',
          reason => reason,
        );
        expect(String(error)).toContain(said);
        expect(isBusy(error)).toBe(true);
      }
    } finally {
      await holder.end();
      await close();
      await pooler.stop();
      await database.drop();
    }
  });

  test('in transaction mode, what another client set does not reach migrations and imports', async () => {
    const empty = await createDatabase({ isEmpty: true });
    const settings = ['default_pool_size = 1'];
    const pooler = await startPgBouncer(empty.url, { program, mode: 'transaction', settings });
    const url = pooler.through(empty.url);
    const other = new pg.Client({ connectionString: url });
    try {
      await other.connect();
      await other.query('CREATE SCHEMA other; SET search_path TO other');
      const config = readConfig({ DATABASE_URL: url }, { serves: false });
      await connectDatabase(config, () => undefined);
      await importFile(url, createFixture().document);
      const { rows } = await other.query(
        `SELECT current_schema() AS "isStill", count(*) FILTER (WHERE schemaname = 'other')::int AS "inOther",
                (SELECT count(*)::int FROM public.customers) AS customers
           FROM pg_tables`,
      );
      expect(rows).toEqual([{ isStill: 'other', inOther: 0, customers: expect.any(Number) }]);
      expect(rows[0].customers).toBeGreaterThan(0);
    } finally {
      await other.end();
      await pooler.stop();
      await empty.drop();
    }
  });

  test('in statement mode is refused, also with a direct address', async () => {
    const database = await createDatabase();
    const pooler = await startPgBouncer(database.url, { program, mode: 'statement' });
    try {
      const config = readConfig(
        { DATABASE_URL: pooler.through(database.url), DIRECT_DATABASE_URL: database.url },
        { serves: false },
      );
      await expect(connectDatabase(config, () => undefined)).rejects.toThrow(
        'DATABASE_URL leads to a pooler in statement mode; usher needs one in transaction or session mode',
      );
    } finally {
      await pooler.stop();
      await database.drop();
    }
  });
});

describe.runIf(hasPrograms(...PROGRAMS)).each(POOLERS)('PgBouncer $title', options => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let pooler: PgBouncer;
  beforeAll(async () => {
    database = await createDatabase();
    await changeSettings(database.url);
    pooler = await startPgBouncer(database.url, options);
  });
  afterAll(async () => {
    await pooler.stop();
    await database.drop();
  });

  test('every statement has the settings of usher, and nobody else has', async () => {
    const { db, sql, close } = openDatabase(pooler.through(database.url));
    const expected = { ...REQUIRED, ...OF_A_POOL };
    const names = Object.keys(expected);
    const isolation = { name: 'isolation', text: 'SHOW transaction_isolation' };
    await inParallel(range(60), 12, async i => {
      const rows: { name: string; value: string }[] =
        i % 2 === 0
          ? await sql.rows(SHOW, [names])
          : await db.$queryRaw`SELECT lower(name) AS name, current_setting(name) AS value
                                 FROM pg_settings WHERE lower(name) = ANY(${names}::text[])`;
      expect(namedBy(rows)).toEqual(expected);
      expect(await sql.rows(isolation, [])).toEqual([{ transaction_isolation: 'read committed' }]);
    });
    const inTransaction = await db.$transaction(tx => tx.$queryRaw`SHOW TimeZone`);
    expect(inTransaction).toEqual([{ TimeZone: 'UTC' }]);
    const looked = await sql.lookAndWrite([{ statement: SHOW, values: [names] }], ([rows]) => ({
      write: undefined,
      result: namedBy(rows as { name: string; value: string }[]),
    }));
    expect(looked).toEqual(expected);
    await close();

    const stranger = new pg.Client({ connectionString: pooler.through(database.url) });
    await stranger.connect();
    const { rows } = await stranger.query('SHOW TimeZone');
    expect(rows).toEqual([{ TimeZone: 'America/New_York' }]);
    await stranger.end();
  });

  test('a statement that fails changes nothing, and its error is its own', async () => {
    const { sql, close } = openDatabase(pooler.through(database.url));
    const write = {
      name: 'write',
      text: `WITH made AS (INSERT INTO users (id, email) VALUES (gen_random_uuid(), $1) RETURNING 1)
             SELECT 1 / (SELECT count(*) FROM made WHERE $2 = 0) FROM made`,
    };
    await expect(sql.rows(write, ['ann@globex.example', 1])).rejects.toMatchObject({
      code: '22012',
    });
    const count = { name: 'count', text: 'SELECT count(*)::int AS users FROM users' };
    expect(await sql.rows(count, [])).toEqual([{ users: 0 }]);
    await close();
  });

  test('migrations and imports run, and leave no lock behind', async () => {
    const empty = await createDatabase({ isEmpty: true });
    const url = pooler.through(empty.url);
    expect(await migrate({ url }, { directory: MIGRATIONS })).not.toEqual([]);
    await importFile(url, createFixture().document);
    const { sql, close } = openDatabase(empty.url);
    const locks = {
      name: 'locks',
      text: `SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                WHERE l.locktype = 'advisory' AND d.datname = current_database()`,
    };
    expect(await sql.rows(locks, [])).toEqual([]);
    await close();
    await empty.drop();
  });

  test('LISTEN is heard at the direct address; without one, usher says whether it is deaf', async () => {
    const warnings: string[] = [];
    const logger = pino(
      { level: 'warn' },
      { write: line => void warnings.push(JSON.parse(line).msg) },
    );
    const { db, close } = openDatabase(pooler.through(database.url));
    const direct = openSeatChanges(database.url, db, logger);
    const heard = vi.fn();
    direct.onChange('a-seat', heard);
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1), { timeout: 10_000 });
    const behind = openSeatChanges(pooler.through(database.url), db, logger);
    behind.onAnyChange(() => undefined);
    direct.announce('a-seat');
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2), { timeout: 10_000 });
    expect(warnings).toEqual([]);
    if (options.mode === 'transaction') {
      await vi.waitFor(
        () => expect(warnings).toEqual([expect.stringContaining('DIRECT_DATABASE_URL')]),
        {
          timeout: 10_000,
        },
      );
    } else {
      const also = vi.fn();
      behind.onChange('another', also);
      direct.announce('another');
      await vi.waitFor(() => expect(also).toHaveBeenCalled(), { timeout: 10_000 });
    }
    await behind.close();
    await direct.close();
    await close();
  });

  test('concurrent assignments, on both APIs, fill a pool exactly, with the right times', async () => {
    const usher = await startUsher({ through: url => pooler.through(url) });
    await changeSettings(usher.databaseUrl);
    const fixture = await usher.addFixture({ seats: 20 });
    const { organization: token } = fixture.tokens;
    const statuses = await inParallel(range(60), 24, async i => {
      const body = { subscription_id: fixture.ids.subscription, email: `p${i}@globex.example` };
      const answer = await usher.rest('POST', '/v1/customer-seats', { token, body });
      if (answer.status === 200) {
        expect(Math.abs(Date.parse(answer.body.created_at) - Date.now())).toBeLessThan(60_000);
      }
      return answer.status;
    });
    expect(statuses.filter(status => status === 200)).toHaveLength(20);
    expect(statuses.filter(status => status === 400)).toHaveLength(40);
    const list = `/v1/customer-seats?subscription_id=${fixture.ids.subscription}`;
    expect((await usher.rest('GET', list, { token })).body.seats).toHaveLength(20);
    const session = await usher.rest('POST', '/v1/customer-sessions/', {
      token,
      body: { customer_id: fixture.ids.customer },
    });
    const left = Date.parse(session.body.expires_at) - Date.now();
    expect(left).toBeGreaterThan(3_500_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
    await usher.close();
  });

  test.each([true, false])(
    'the program starts and serves (direct address: %s)',
    async hasDirect => {
      const program: Program = runProgram('main', [], {
        DATABASE_URL: pooler.through(database.url),
        ...(hasDirect && { DIRECT_DATABASE_URL: database.url }),
        SECRET_KEY,
        SHUTDOWN_DELAY_SECONDS: '0',
      });
      const url = await program.up();
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      expect(await program.stop('SIGTERM')).toBe(0);
      expect(program.output.stderr).not.toContain('"level":50');
    },
  );
});
