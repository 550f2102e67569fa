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
import { runToEnd } from '../support/programs.ts';

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
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
     GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`,
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

test("another program's migrations, in a schema behind public, are not taken for usher's", async () => {
  const empty = await createDatabase({ isEmpty: true });
  const client = new pg.Client({ connectionString: empty.url });
  await client.connect();
  try {
    const name = pg.escapeIdentifier(new URL(empty.url).pathname.slice(1));
    await client.query(`CREATE SCHEMA other;
      CREATE TABLE other._prisma_migrations (
        migration_name text, checksum text, finished_at timestamptz, rolled_back_at timestamptz);
      INSERT INTO other._prisma_migrations VALUES ('20200101_init', 'x', NULL, NULL);
      ALTER DATABASE ${name} SET search_path TO public, other`);
    expect(await connectTo(empty.url)).toEqual([expect.stringMatching(/^Applied \d+ migrations$/)]);
    const { rows } = await client.query('SELECT migration_name FROM other._prisma_migrations');
    expect(rows).toEqual([{ migration_name: '20200101_init' }]);
  } finally {
    await client.end();
    await empty.drop();
  }
});

describe('a database that usher cannot work with is refused, and says what to do:', () => {
  test.each([
    [
      `ENCODING 'LATIN1' LOCALE 'C'`,
      "DATABASE_URL leads to a database with the encoding LATIN1; usher needs one made with ENCODING 'UTF8' TEMPLATE template0",
    ],
    [
      `ENCODING 'SQL_ASCII' LOCALE 'C'`,
      "DATABASE_URL leads to a database with the encoding SQL_ASCII; usher needs one made with ENCODING 'UTF8' TEMPLATE template0",
    ],
    [
      `LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C' ENCODING 'UTF8'`,
      'DATABASE_URL leads to a database whose locale has ı for I in lower case, so that usher could not compare addresses; usher needs one made with another locale, such as C.UTF-8',
    ],
  ])('%s', async (options, message) => {
    const name = `other_${randomBytes(6).toString('hex')}`;
    await owner.query(`CREATE DATABASE ${name} TEMPLATE template0 ${options}`);
    try {
      const url = new URL(database.url);
      url.pathname = name;
      await expect(connectTo(url.href)).rejects.toThrow(message);
    } finally {
      await owner.query(`DROP DATABASE ${name}`);
    }
  });

  test('session_replication_role', async () => {
    const { role, url } = await newRole();
    await owner.query(`ALTER ROLE ${role} SET session_replication_role TO replica`);
    await expect(connectTo(url)).rejects.toThrow(
      'DATABASE_URL leads to a database where session_replication_role is replica, so that no trigger counts seats; reset it for the role and the database',
    );
  });

  test('read-only', async () => {
    const { role, url } = await newRole();
    await owner.query(`ALTER ROLE ${role} SET default_transaction_read_only TO on`);
    const usher = runProgram('main', [], {
      DATABASE_URL: url,
      MIGRATE: 'false',
      SECRET_KEY: 'k'.repeat(40),
    });
    expect(await usher.ended()).toBe(1);
    expect(usher.output.stderr.trim().split('\n').at(-1)).toMatch(
      /^usher: The database is read-only: .*\. Let DATABASE_URL lead to the primary, or set default_transaction_read_only to off$/,
    );
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

const lacksPrivileges = (role: string, table: string) =>
  `The role ${role} of DATABASE_URL lacks privileges on ${table}. \`npm run doctor\` prints the statements that grant them`;

describe('migrations', () => {
  test('use extensions in another schema, and say what to do if they may not', async () => {
    const empty = await createDatabase({ isEmpty: true });
    const client = new pg.Client({ connectionString: empty.url });
    await client.connect();
    try {
      await client.query(`CREATE SCHEMA extensions;
        CREATE EXTENSION pg_trgm SCHEMA extensions; CREATE EXTENSION btree_gin SCHEMA extensions`);
      const role = `migrator_${randomBytes(6).toString('hex')}`;
      const name = pg.escapeIdentifier(new URL(empty.url).pathname.slice(1));
      await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'changes'; GRANT CREATE ON SCHEMA public TO ${role};
        GRANT CREATE ON DATABASE ${name} TO ${role}`);
      const url = new URL(empty.url);
      url.username = role;
      url.password = 'changes';
      const run = () => runToEnd('migrate', [], { DATABASE_URL: url.href });
      const { code, stderr } = await run();
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^migrate: Migration \S+ failed: operator class "gin_trgm_ops" does not exist for access method "gin"\. The role may not use the schema of the extensions pg_trgm and btree_gin: as an administrator, run GRANT USAGE ON SCHEMA … TO the role\n$/,
      );
      await client.query(`GRANT USAGE ON SCHEMA extensions TO ${role}`);
      expect(await run()).toMatchObject({ code: 0 });
    } finally {
      await client.end();
      await empty.drop();
    }
  });

  test('are not needed: a role that may not change tables is enough', async () => {
    const { url } = await newRole();
    expect(await connectTo(url)).toEqual([]);
    expect(await connectTo(url, { MIGRATE: 'false' })).toEqual([]);
  });

  test.each([
    [
      '_prisma_migrations',
      'The role of DATABASE_URL lacks a privilege: permission denied for table _prisma_migrations. As the owner of the tables, grant it its privileges: docs/operations.md#migrations',
    ],
    // What no start reads.
    ['idempotency_keys', lacksPrivileges],
    ['customer_seats', lacksPrivileges],
  ])(
    'a role that lacks privileges on %s, as after a restore, ends the start with one line',
    async (table, message) => {
      const { role, url } = await newRole();
      await owner.query(`REVOKE ALL ON ${table} FROM ${role}`);
      const env = { DATABASE_URL: url, MIGRATE: 'false', SECRET_KEY: 'k'.repeat(40) };
      for (const program of ['main', 'worker'] as const) {
        const usher = runProgram(program, [], env);
        expect(await usher.ended()).toBe(1);
        expect(usher.output.stderr.trim().split('\n').at(-1)).toBe(
          `usher: ${typeof message === 'string' ? message : message(role, table)}`,
        );
        expect(usher.output.stderr).not.toContain('    at ');
      }
    },
  );

  test('that are pending are an error with MIGRATE=false, which says what to do', async () => {
    await forgetMigration();
    await expect(connectTo(database.url, { MIGRATE: 'false' })).rejects.toThrow(
      'The database lacks 1 migration, and MIGRATE is false. Run `npm run migrate` as the owner of the database, then start again',
    );
  });
});
