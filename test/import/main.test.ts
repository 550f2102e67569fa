import { constants } from 'node:buffer';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFile } from '../support/import.ts';
import { range } from '../support/parallel.ts';
import { createAcme, seatOf } from './acme.ts';
import { openProbe } from './probe.ts';

let probe: Awaited<ReturnType<typeof openProbe>>;
let folder: string;

beforeAll(async () => {
  probe = await openProbe();
  folder = await mkdtemp(join(tmpdir(), 'usher-import-'));
});

afterAll(async () => {
  await probe.close();
  await rm(folder, { recursive: true });
});

function startImport(...args: string[]): ChildProcessWithoutNullStreams {
  const env = {
    ...process.env,
    DATABASE_URL: probe.url,
    SECRET_KEY: 'a key for tests, thirty-two bytes or more',
  };
  return spawn(process.execPath, ['dist/import.js', ...args], { env });
}

async function outcomeOf(child: ChildProcessWithoutNullStreams) {
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  const [code] = await once(child, 'close');
  return { code, stdout: await stdout, stderr: await stderr };
}

async function fileOf(content: string): Promise<string> {
  const path = join(folder, 'fixture.json');
  await writeFile(path, content);
  return path;
}

/** What an import writes that takes more than a few seconds. */
const PROGRESS = /^(Importing [\d,]+ of [\d,]+ rows\n)*$/;

describe('the import command', () => {
  it('reports in one line what it imported', async () => {
    const path = await fileOf(JSON.stringify(createAcme().document));
    expect(await outcomeOf(startImport(path))).toEqual({
      code: 0,
      stdout:
        'Imported 1 organization, 1 product, 1 customer, 2 members, 1 subscription, 1 order.\n',
      stderr: expect.stringMatching(PROGRESS),
    });
  });

  it('reports how many seats were revoked with their pool', async () => {
    const { document, organization, subscription } = createAcme();
    organization.seats.push(seatOf(subscription, 'mia@example.com'));
    await importFile(probe.url, document);
    Object.assign(subscription, { status: 'canceled' });
    const path = await fileOf(JSON.stringify(document));
    expect(await outcomeOf(startImport(path))).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^Imported .*, 1 seat\. Revoked 1 seat of ended subscriptions and orders\.\n$/,
      ),
      stderr: expect.stringMatching(PROGRESS),
    });
  });

  it('reads standard input, and ignores a closed output', async () => {
    const { document, organization } = createAcme();
    const child = startImport('-');
    child.stdout.destroy();
    child.stdin.end(JSON.stringify(document));
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(await probe.find('organizations', organization.id)).toBeDefined();
  });

  it('reports every invalid row on its own line', async () => {
    const { document, organization, subscription } = createAcme();
    organization.seats.push(seatOf(subscription, 'nobody'), { id: 1 });
    const { code, stdout, stderr } = await outcomeOf(
      startImport(await fileOf(JSON.stringify(document))),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      'organizations[0].seats[0].email: must be an e-mail address: An email address must have an @-sign.',
      'organizations[0].seats[1].id: must be a string',
      'organizations[0].seats[1].status: is missing',
      'Nothing was imported: 3 problems',
      '',
    ]);
  });

  it('reports that a file cannot be read', async () => {
    const { code, stderr } = await outcomeOf(startImport('/nowhere.json'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\/nowhere\.json cannot be read: ENOENT.*\n$/);
  });

  it.each([[[]], [['one.json', 'two.json']], [['--wet-run', 'one.json']]])(
    'says how it is used, where it is called with %j',
    async args => {
      const { code, stdout, stderr } = await outcomeOf(startImport(...args));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('Usage: npm run import -- [--dry-run] FILE.json\n');
    },
  );

  it.each(['--help', '-h'])('answers %s', async option => {
    const { code, stdout, stderr } = await outcomeOf(startImport(option));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npm run import/);
  });

  it('lists in a dry run what would change, and changes nothing', async () => {
    const { document, organization } = createAcme();
    const path = await fileOf(JSON.stringify(document));
    const { code, stdout } = await outcomeOf(startImport('--dry-run', path));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^organizations\[0\]: new$/m);
    expect(stdout).toMatch(/Dry run: nothing was imported\. \d+ rows would be new/);
    expect(await probe.find('organizations', organization.id)).toBeUndefined();
  });

  it('refuses a duplicate key with its line and column', async () => {
    const path = await fileOf('{\n  "organizations": [],\n  "organizations": []\n}');
    const { code, stderr } = await outcomeOf(startImport(path));
    expect(code).toBe(1);
    expect(stderr).toBe(
      `${path} cannot be parsed: line 3, column 3: organizations is a duplicate key\n`,
    );
  });

  it('analyzes the filled tables', async () => {
    const { document, subscription, organization } = createAcme();
    organization.seats.push(seatOf(subscription, 'mia@example.com'));
    const { code } = await outcomeOf(startImport(await fileOf(JSON.stringify(document))));
    expect(code).toBe(0);
    const client = new pg.Client(probe.url);
    await client.connect();
    const { rows } = await client.query(
      "SELECT last_analyze IS NOT NULL AS done FROM pg_stat_user_tables WHERE relname = 'customer_seats'",
    );
    await client.end();
    expect(rows).toEqual([{ done: true }]);
  });

  it('refuses a file that is longer than a text of JavaScript', async () => {
    const path = await fileOf('');
    await truncate(path, constants.MAX_STRING_LENGTH + 1);
    const { code, stderr } = await outcomeOf(startImport(path));
    expect(code).toBe(1);
    expect(stderr).toBe(
      `${path} has more than 512 MB, which an import cannot take. Split it by organization\n`,
    );
  });

  it('reports where a file is not JSON', async () => {
    const path = await fileOf('{\n  "users": [,]\n}');
    const { code, stderr } = await outcomeOf(startImport(path));
    expect(code).toBe(1);
    expect(stderr).toBe(`${path} cannot be parsed: line 2, column 13: Expecting value\n`);
  });

  it('writes nothing if it is interrupted', async () => {
    const { document, organization } = createAcme();
    organization.customers.push(
      ...range(50_000).map(i => ({ id: crypto.randomUUID(), externalId: `${i}` })),
    );
    const child = startImport(await fileOf(JSON.stringify(document)));
    const outcome = outcomeOf(child);
    await probe.untilImporting();
    child.kill('SIGINT');
    expect(await outcome).toMatchObject({
      code: 1,
      stderr: 'Stopped by SIGINT; nothing was imported\n',
    });
    expect(await probe.find('organizations', organization.id)).toBeUndefined();
  });

  it.each([
    ['nothing was imported. Run the import again', 'BEFORE INSERT', ''],
    ['changes nothing the second time', 'AFTER INSERT', 'CONSTRAINT'],
  ])('says in one line that the database ended the connection: %s', async (said, when, kind) => {
    const { document } = createAcme();
    const { client } = probe;
    // The import waits for the lock of the test: in a statement, or in COMMIT.
    await client.query(`
      CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END';
      CREATE ${kind} TRIGGER wait_for_test ${when} ON products
        ${kind && 'DEFERRABLE INITIALLY DEFERRED'} FOR EACH ROW EXECUTE FUNCTION wait_for_test();
      SELECT pg_advisory_lock(7)`);
    const outcome = outcomeOf(startImport(await fileOf(JSON.stringify(document))));
    const waiting = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await expect
      .poll(async () => (await client.query(`SELECT ${waiting}`)).rowCount, { timeout: 10_000 })
      .toBe(1);
    await client.query(`SELECT pg_terminate_backend(pid) ${waiting}`);
    const { code, stdout, stderr } = await outcome;
    await client.query('SELECT pg_advisory_unlock(7); DROP FUNCTION wait_for_test CASCADE');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.replace(PROGRESS, '')).toMatch(/^The database ended the connection[^\n]*\n$/);
    expect(stderr).toContain(said);
  });
});
