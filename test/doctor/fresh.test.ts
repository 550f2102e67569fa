import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createDatabase } from '../support/database.ts';
import { dumpOf } from '../support/database-dump.ts';
import { hasDebianPostgres, startDebianPostgres } from '../support/debian-postgres.ts';
import { MIGRATIONS } from '../support/postgres.ts';
import { runDoctor } from './run-doctor.ts';

/** What the tests' own surroundings are not: a service with a mail server, and a role of its own. */
const OF_TESTS = ['privileges', 'mail server'];

test('a fresh embedded PostgreSQL has no problems, and is not changed', async () => {
  const database = await createDatabase();
  const { db, close } = openDatabase(database.url, { poolSize: 1 });
  try {
    const before = await dumpOf({ db });
    const { code, stderr, findings } = await runDoctor({ DATABASE_URL: database.url });
    expect([code, stderr]).toEqual([0, '']);
    const notOk = findings.filter(({ status }) => status !== 'ok');
    expect(notOk.map(({ check }) => check)).toEqual(OF_TESTS);
    expect(findings.length).toBeGreaterThan(15);
    expect(await dumpOf({ db })).toEqual(before);
  } finally {
    await close();
    await database.drop();
  }
});

test.runIf(hasDebianPostgres())(
  'a fresh PostgreSQL 15 with a role of its own has no problems',
  async () => {
    const postgres = await startDebianPostgres();
    try {
      const DATABASE_URL = postgres.url;
      const empty = await runDoctor({ DATABASE_URL });
      expect(empty.code).toBe(0);
      expect(empty.findings).toContainEqual(
        expect.objectContaining({ check: 'migrations', status: 'warning' }),
      );
      await migrate({ url: postgres.url }, { directory: MIGRATIONS });
      const { code, findings } = await runDoctor({ DATABASE_URL });
      expect(code).toBe(0);
      const notOk = findings.filter(({ status }) => status !== 'ok');
      expect(notOk.map(({ check }) => check)).toEqual(['mail server']);
    } finally {
      await postgres.close();
    }
  },
);

test('a folder without an embedded database stays without one', async () => {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'usher-doctor-'));
  try {
    const { code, findings } = await runDoctor({ DATA_DIR });
    expect(code).toBe(0);
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'database', status: 'warning' }),
    );
    expect(await readdir(DATA_DIR)).toEqual([]);
  } finally {
    await rm(DATA_DIR, { recursive: true });
  }
});

test('prints a line for each check, for people', async () => {
  const database = await createDatabase();
  try {
    const { stdout } = await runDoctor({ DATABASE_URL: database.url }, []);
    expect(stdout).toMatch(/^ok {7}database: PostgreSQL 18\S*, UTF8, writable$/m);
    expect(stdout).toMatch(/^warning {2}mail server: SMTP_URL is not set: .*\. Set SMTP_URL$/m);
  } finally {
    await database.drop();
  }
});
