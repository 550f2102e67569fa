import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EmbeddedPostgres, openEmbedded } from '../../src/db/embedded.ts';
import { compareMigrations, MigrationError, migrate } from '../../src/db/migrate.ts';

const FIRST = 'CREATE TABLE guest (id int PRIMARY KEY);\nCREATE TABLE row (guest int);\n';
const SECOND = 'INSERT INTO guest VALUES (1);\n';

describe('migrate', { timeout: 20_000 }, () => {
  let dataDir: string;
  let embedded: EmbeddedPostgres;
  beforeAll(async () => {
    dataDir = await makeFolder();
    embedded = await openEmbedded({ dataDir, settings: { fsync: 'off' } });
  }, 60_000);
  afterAll(async () => {
    await embedded.close();
    await rm(dataDir, { recursive: true });
  });

  it('applies pending migrations in the order of their names', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '2_second': SECOND, '1_first': FIRST });
    const applied: string[] = [];
    const onApply = (name: string) => applied.push(name);
    expect(await migrate(db, { directory, onApply })).toEqual(['1_first', '2_second']);
    expect(applied).toEqual(['1_first', '2_second']);
    expect(await migrate(db, { directory, onApply })).toEqual([]);

    await write(directory, '3_third', SECOND.replace('1', '2'));
    expect(await migrate(db, { directory, onApply })).toEqual(['3_third']);
    expect(applied).toEqual(['1_first', '2_second', '3_third']);
    expect(await query(db, 'SELECT id FROM guest ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('records migrations like Prisma', async () => {
    const db = await makeDatabase(embedded.url);
    await migrate(db, { directory: await makeMigrations({ '1_first': FIRST }) });
    const columns = await query(
      db,
      `SELECT column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '')
         || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
         || coalesce(' DEFAULT ' || column_default, '') AS column
       FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`,
    );
    expect(columns.map(({ column }) => column)).toEqual([
      'id character varying(36) NOT NULL',
      'checksum character varying(64) NOT NULL',
      'finished_at timestamp with time zone',
      'migration_name character varying(255) NOT NULL',
      'logs text',
      'rolled_back_at timestamp with time zone',
      'started_at timestamp with time zone NOT NULL DEFAULT now()',
      'applied_steps_count integer NOT NULL DEFAULT 0',
    ]);
    expect(await query(db, 'SELECT * FROM _prisma_migrations')).toEqual([
      {
        id: expect.stringMatching(/^[\da-f-]{36}$/),
        checksum: createHash('sha256').update(FIRST).digest('hex'),
        finished_at: expect.any(Date),
        migration_name: '1_first',
        logs: null,
        rolled_back_at: null,
        started_at: expect.any(Date),
        applied_steps_count: 1,
      },
    ]);
  });

  it('runs in UTC', async () => {
    const db = await makeDatabase(embedded.url);
    const sql = "CREATE TABLE zone AS SELECT current_setting('TimeZone') AS name";
    await query(
      db,
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone TO %L', current_database(), 'Asia/Tokyo'); END $$",
    );
    await migrate(db, { directory: await makeMigrations({ '1_zone': sql }) });
    expect(await query(db, 'SELECT name FROM zone')).toEqual([{ name: 'UTC' }]);
  });

  it('applies each migration once, even concurrently', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST, '2_second': SECOND });
    const all = await Promise.all(Array.from({ length: 8 }, () => migrate(db, { directory })));
    expect(all.flat().sort()).toEqual(['1_first', '2_second']);
  });

  it('waits for the lock of Prisma', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST });
    const prisma = await connect(db);
    await prisma.query('SELECT pg_advisory_lock(72707369)');
    const migrated = migrate(db, { directory });
    await vi.waitFor(async () => {
      const waiting = await prisma.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`,
      );
      expect(waiting.rowCount).toBe(1);
    }, 10_000);
    expect(await query(db, "SELECT to_regclass('guest') AS guest")).toEqual([{ guest: null }]);
    await prisma.query('SELECT pg_advisory_unlock(72707369)');
    expect(await migrated).toEqual(['1_first']);
  });

  it('lets others pass while it waits for a table, and is applied once the table is free', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST });
    await migrate(db, { directory });
    await write(directory, '2_second', 'ALTER TABLE guest ADD COLUMN name text;');
    // As pg_dump does.
    const reader = await connect(db);
    await reader.query('BEGIN; SELECT FROM guest');
    const waits: string[] = [];
    const migrated = migrate(db, { directory, onWait: message => waits.push(message) });
    await vi.waitFor(() => expect(waits.length).toBe(2), 15_000);
    expect(waits[1]).toMatch(/^Migration 2_second waits for a lock .* \(attempt 2\)/);
    expect(await query(db, 'SELECT id FROM guest')).toEqual([]);
    await reader.query('COMMIT');
    expect(await migrated).toEqual(['2_second']);
    expect(await query(db, 'SELECT name FROM guest')).toEqual([]);
  });

  it('waits for the list of migrations too', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST });
    await migrate(db, { directory });
    const other = await connect(db);
    await other.query('BEGIN; LOCK TABLE _prisma_migrations');
    const waits: string[] = [];
    const migrated = migrate(db, { directory, onWait: message => waits.push(message) });
    await vi.waitFor(() => expect(waits.length).toBe(1), 15_000);
    expect(waits[0]).toMatch(/^The look at the migrations waits for a lock/);
    await other.query('COMMIT');
    expect(await migrated).toEqual([]);
  });

  it('takes as long as a migration needs, whatever the database allows', async () => {
    const db = await makeDatabase(embedded.url);
    for (const limit of ['statement_timeout', 'transaction_timeout']) {
      await query(
        db,
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET ${limit} TO 100', current_database()); END $$`,
      );
    }
    const directory = await makeMigrations({ '1_slow': 'SELECT pg_sleep(0.5)' });
    expect(await migrate(db, { directory })).toEqual(['1_slow']);
  });

  it('stops waiting when it is told to, with nothing changed and no lock kept', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST });
    const prisma = await connect(db);
    await prisma.query('SELECT pg_advisory_lock(72707369)');
    const stop = new AbortController();
    const onWait = () => stop.abort(new Error('enough'));
    const { signal } = stop;
    await expect(migrate(db, { directory, onWait, signal })).rejects.toThrow('enough');
    await prisma.query('SELECT pg_advisory_unlock(72707369)');
    const locks = `SELECT FROM pg_locks WHERE locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    expect(await query(db, locks)).toEqual([]);
    expect(await query(db, "SELECT to_regclass('guest') AS guest")).toEqual([{ guest: null }]);
  });

  it('ends a running migration when it is told to, and leaves no session that goes on', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_slow': `${FIRST}SELECT pg_sleep(60)` });
    const stop = new AbortController();
    const { signal } = stop;
    const migrated = migrate(db, { directory, signal, stopMs: 100 });
    const sessions = `SELECT wait_event FROM pg_stat_activity
      WHERE application_name = 'usher migrate' AND datname = current_database()`;
    await vi.waitFor(async () =>
      expect(await query(db, sessions)).toEqual([{ wait_event: 'PgSleep' }]),
    );
    stop.abort(new Error('enough'));
    await expect(migrated).rejects.toThrow('enough');
    await vi.waitFor(async () => expect(await query(db, sessions)).toEqual([]));
    expect(await query(db, "SELECT to_regclass('guest') AS guest")).toEqual([{ guest: null }]);
  });

  it('only reads a database without pending migrations: by a role without rights, and read-only', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST });
    await migrate(db, { directory });
    const role = `reader_${randomUUID().replaceAll('-', '')}`;
    await query(db, `CREATE ROLE ${role} LOGIN PASSWORD 'reads'`);
    await query(db, `GRANT SELECT ON _prisma_migrations TO ${role}`);
    await query(db, `ALTER ROLE ${role} SET default_transaction_read_only = on`);
    const url = new URL(db.url);
    url.username = role;
    url.password = 'reads';
    const locker = await connect(db);
    await locker.query('SELECT pg_advisory_lock(72707369)');
    expect(await migrate({ url: url.href }, { directory })).toEqual([]);
    await write(directory, '2_second', SECOND);
    expect(await compareMigrations({ url: url.href }, { directory })).toEqual({
      pending: ['2_second'],
      newer: [],
    });
  });

  it('rolls a failed migration back, and applies it after it is corrected', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST });
    await write(directory, '2_second', `${SECOND}INSERT INTO guest\nVALUES (x);\n`);
    await expectFailure(
      migrate(db, { directory }),
      'Migration 2_second failed in line 3: column "x" does not exist',
    );
    expect(await query(db, 'SELECT FROM guest')).toEqual([]);
    expect(await query(db, 'SELECT migration_name AS name FROM _prisma_migrations')).toEqual([
      { name: '1_first' },
    ]);

    await write(directory, '2_second', SECOND);
    expect(await migrate(db, { directory })).toEqual(['2_second']);
  });

  it('refuses a migration that was changed after it was applied', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST });
    await migrate(db, { directory });
    await write(directory, '1_first', `${FIRST}-- harmless`);
    await expectFailure(
      migrate(db, { directory }),
      'Migration 1_first was changed after it was applied',
    );
  });

  it('accepts a database with removed old migrations', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST, '2_second': SECOND });
    await migrate(db, { directory });
    await rm(join(directory, '1_first'), { recursive: true });
    expect(await migrate(db, { directory })).toEqual([]);
  });

  it('accepts the migrations of later programs, unless they remove what this one uses', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST });
    await migrate(db, { directory });
    await write(directory, '2_second', SECOND);
    await write(directory, '3_contract_1_old', 'DROP TABLE row');
    await migrate(db, { directory });
    const forget = (name: string) => rm(join(directory, name), { recursive: true });

    // This program has 1, from which on nobody uses what 3 removed.
    await forget('2_second');
    await forget('3_contract_1_old');
    const newer = ['2_second', '3_contract_1_old'];
    expect(await compareMigrations(db, { directory })).toEqual({ pending: [], newer });
    let told: string[] = [];
    const onNewer = (names: string[]) => {
      told = names;
    };
    expect(await migrate(db, { directory, onNewer })).toEqual([]);
    expect(told).toEqual(newer);

    // An earlier program does not have 1.
    await forget('1_first');
    await write(directory, '0_before', 'SELECT 1');
    for (const look of [migrate, compareMigrations]) {
      await expectFailure(
        look(db, { directory }),
        'The database is newer than this program: migration 3_contract_1_old removed what this program uses',
      );
    }
    expect(await query(db, 'SELECT 1 FROM _prisma_migrations')).toHaveLength(3);
  });

  it('refuses a failed migration of Prisma until it is resolved as rolled back', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({ '1_first': FIRST });
    await migrate(db, { directory });
    await query(db, 'UPDATE _prisma_migrations SET finished_at = NULL');
    await query(db, 'DROP TABLE guest, row');
    await expectFailure(
      migrate(db, { directory }),
      "Migration 1_first failed earlier. Undo what is left of it, and run DELETE FROM public._prisma_migrations WHERE migration_name = '1_first'",
    );
    await query(db, 'UPDATE _prisma_migrations SET rolled_back_at = now()');
    expect(await migrate(db, { directory })).toEqual(['1_first']);
  });

  it('reports the missing folder or file', async () => {
    const db = await makeDatabase(embedded.url);
    const directory = await makeMigrations({});
    await mkdir(join(directory, '1_empty'));
    const file = join(directory, '1_empty', 'migration.sql');
    await expectFailure(migrate(db, { directory }), `Migration 1_empty has no file ${file}`);
    await expectFailure(
      migrate(db, { directory: join(directory, 'none') }),
      `There is no folder of migrations at ${join(directory, 'none')}`,
    );
  });
});

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-migrate-'));
  await chmod(folder, 0o755);
  return folder;
}

async function makeDatabase(url: string): Promise<{ url: string }> {
  const name = `migrate_${randomUUID().replaceAll('-', '')}`;
  await query({ url }, `CREATE DATABASE ${name}`);
  return { url: url.replace(/\/\w+$/, `/${name}`) };
}

async function makeMigrations(files: Record<string, string>): Promise<string> {
  const directory = await makeFolder();
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'migration_lock.toml'), 'provider = "postgresql"\n');
  for (const [name, sql] of Object.entries(files)) await write(directory, name, sql);
  return directory;
}

async function write(directory: string, name: string, sql: string): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, 'migration.sql'), sql);
}

async function connect({ url }: { url: string }): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  onTestFinished(() => client.end());
  await client.connect();
  return client;
}

async function query(db: { url: string }, sql: string): Promise<Record<string, unknown>[]> {
  return (await (await connect(db)).query(sql)).rows;
}

async function expectFailure(result: Promise<unknown>, message: string): Promise<void> {
  await expect(result).rejects.toBeInstanceOf(MigrationError);
  await expect(result).rejects.toMatchObject({ message });
}
