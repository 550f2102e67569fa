import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { connectDatabase } from '../../src/database.ts';
import { DatabaseError } from '../../src/db/require-reachable.ts';
import { createDatabase } from '../support/database.ts';
import { createFixture } from '../support/fixture.ts';
import { importFile } from '../support/import.ts';
import { runProgram } from '../support/program.ts';

// What a program does with the database in DATABASE_URL before it uses it.

let database: Awaited<ReturnType<typeof createDatabase>>;
let owner: pg.Client;
const roles: string[] = [];
beforeEach(async () => {
  database = await createDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
});
afterEach(async () => {
  for (const role of roles.splice(0)) {
    await owner.query(`DROP OWNED BY ${role}`);
    await owner.query(`DROP ROLE ${role}`);
  }
  await owner.end();
  await database.drop();
});

/** The URL of the database for a new role, which may read and write rows but not change tables. */
async function newRole(): Promise<{ role: string; url: string }> {
  const role = `app_${randomBytes(6).toString('hex')}`;
  await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  roles.push(role);
  await owner.query(
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
  );
  const url = new URL(database.url);
  url.username = role;
  url.password = 'secret';
  return { role, url: url.href };
}

async function connectTo(url: string, environment: Record<string, string> = {}): Promise<string[]> {
  const messages: string[] = [];
  const config = readConfig({ DATABASE_URL: url, ...environment }, { serves: false });
  const { close } = await connectDatabase(config, message => messages.push(message));
  await close();
  return messages;
}

/** Makes the last migration pending again. */
const forgetMigration = () =>
  owner.query(
    `DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`,
  );

describe('a schema other than public', () => {
  test.each([
    ['seats', 'seats'],
    ['seats, public', 'seats'],
    ['nowhere', '(none)'],
  ])('is refused, and nothing is written: search_path %s', async (path, named) => {
    const { role, url } = await newRole();
    await owner.query(`CREATE SCHEMA seats AUTHORIZATION ${role}`);
    await owner.query(`ALTER ROLE ${role} SET search_path TO ${path}`);
    const connecting = connectTo(url);
    await expect(connecting).rejects.toBeInstanceOf(DatabaseError);
    await expect(connecting).rejects.toThrow(
      `DATABASE_URL leads to the schema ${named}; usher uses the schema public alone.`,
    );
    const { rows } = await owner.query(`SELECT FROM pg_tables WHERE schemaname = 'seats'`);
    expect(rows).toEqual([]);
  });

  test('is refused in the URL', async () => {
    const url = `${database.url}?schema=seats`;
    await expect(connectTo(url)).rejects.toThrow('DATABASE_URL leads to the schema seats;');
    expect(await connectTo(`${database.url}?schema=public`)).toEqual([]);
  });

  test('may follow public, such as that of extensions', async () => {
    const { role, url } = await newRole();
    await owner.query('CREATE SCHEMA extensions');
    await owner.query(`ALTER ROLE ${role} SET search_path TO "$user", public, extensions`);
    expect(await connectTo(url)).toEqual([]);
  });
});

test('a server runs as a role that may not change tables, with the rights that the documentation grants', async () => {
  const { role, url } = await newRole();
  const [, grants = ''] =
    /```sql\n(GRANT[\s\S]*?)```/.exec(await readFile('docs/operations.md', 'utf8')) ?? [];
  await owner.query(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role}`);
  await owner.query(grants.replaceAll('usher_app', role));
  const { document, ids, tokens } = createFixture();
  await importFile(database.url, document);
  const usher = runProgram('main', [], {
    DATABASE_URL: url,
    MIGRATE: 'false',
    SECRET_KEY: 'k'.repeat(40),
  });
  try {
    const post = async (path: string, body: object) => {
      const response = await fetch((await usher.up()) + path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokens.organization}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      });
      return response.status;
    };
    const seat = { subscription_id: ids.subscription, email: 'sam@globex.example' };
    expect(await post('/v1/customer-seats', seat)).toBe(200);
    expect(await post('/v1/customer-sessions', { customer_id: ids.customer })).toBe(201);
    // The event reaches the worker.
    await vi.waitFor(async () => {
      const { rows } = await owner.query('SELECT FROM outbox_events WHERE dispatched_at IS NULL');
      expect(rows).toEqual([]);
    }, 10_000);
    const { stdout } = usher.output;
    expect(stdout).not.toContain('migration');
  } finally {
    await usher.stop('SIGTERM');
  }
  expect(usher.output.stderr).not.toContain('permission denied');
}, 30_000);

describe('migrations', () => {
  test('are not needed: a role that may not change tables is enough', async () => {
    const { url } = await newRole();
    expect(await connectTo(url)).toEqual([]);
    expect(await connectTo(url, { MIGRATE: 'false' })).toEqual([]);
  });

  test.each(['_prisma_migrations', 'secret_keys'])(
    'a role that may not read %s, as after a restore, ends the start with one line',
    async table => {
      const { role, url } = await newRole();
      await owner.query(`REVOKE ALL ON ${table} FROM ${role}`);
      const env = { DATABASE_URL: url, MIGRATE: 'false', SECRET_KEY: 'k'.repeat(40) };
      const usher = runProgram('main', [], env);
      expect(await usher.ended()).toBe(1);
      expect(usher.output.stderr.trim().split('\n').at(-1)).toBe(
        `usher: The role of DATABASE_URL lacks a privilege: permission denied for table ${table}. As the owner of the tables, grant it its privileges: docs/operations.md#migrations`,
      );
      expect(usher.output.stderr).not.toContain('    at ');
    },
  );

  test('that are pending are an error with MIGRATE=false, which says what to do', async () => {
    await forgetMigration();
    await expect(connectTo(database.url, { MIGRATE: 'false' })).rejects.toThrow(
      'The database lacks 1 migration, and MIGRATE is false. Run `npm run migrate` as the owner of the database, then start again',
    );
  });
});
