import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { mostConnections, warnOfFewConnections } from '../../src/db/connection-budget.ts';
import { openLog } from '../../src/log.ts';
import { createDatabase } from '../support/database.ts';

const settings = { databaseConnections: 10, workerDatabaseConnections: 5, metrics: undefined };

test('a server process opens its pools and two more connections, one process delivers, and metrics take one', () => {
  expect(mostConnections({ ...settings, worker: true, processes: 1 })).toBe(17);
  expect(mostConnections({ ...settings, worker: false, processes: 1 })).toBe(12);
  expect(mostConnections({ ...settings, worker: true, processes: 4 })).toBe(53);
  const metrics = { host: '127.0.0.1', port: 9464 };
  expect(mostConnections({ ...settings, worker: true, processes: 4, metrics })).toBe(54);
});

/** The warnings of a role and a database with these limits. The test server allows 300 connections. */
async function warningsOf(
  needed: number,
  { role = -1, database: limit = -1 }: { role?: number; database?: number } = {},
): Promise<object[]> {
  const created = await createDatabase();
  const name = new URL(created.url).pathname.slice(1);
  const account = `role_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({
    connectionString: inject('templateUrl').replace(/[^/]+$/, 'postgres'),
  });
  await admin.connect();
  try {
    await admin.query(`CREATE ROLE ${account} LOGIN PASSWORD 'secret' CONNECTION LIMIT ${role}`);
    await admin.query(`ALTER DATABASE ${name} CONNECTION LIMIT ${limit}`);
    const url = new URL(created.url);
    url.username = account;
    url.password = 'secret';
    const database = openDatabase(url.href, { poolSize: 1 });
    const lines: string[] = [];
    const logger = openLog('info', { write: line => void lines.push(line) });
    await warnOfFewConnections(database.sql, needed, logger);
    await database.close();
    return lines.map(line => JSON.parse(line));
  } finally {
    await created.drop();
    await admin.query(`DROP ROLE ${account}`);
    await admin.end();
  }
}

test.each<[string, number, { role?: number; database?: number }, number]>([
  ['the server', 298, {}, 297],
  ['the role', 17, { role: 16 }, 16],
  ['the database', 17, { database: 9 }, 9],
])(
  'a limit of %s that is lower than what is needed is a warning',
  async (_of, needed, limits, allowed) => {
    expect(await warningsOf(needed, limits)).toEqual([
      expect.objectContaining({ level: 40, needed, allowed }),
    ]);
  },
);

test('limits that suffice are none', async () => {
  expect(await warningsOf(17, { role: 17, database: 17 })).toEqual([]);
});
