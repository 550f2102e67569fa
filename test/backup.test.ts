import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { importFile } from '../src/import/import-file.ts';
import {
  type DebianPostgres,
  hasDebianPostgres,
  startDebianPostgres,
} from './support/debian-postgres.ts';
import { createFixture, type Fixture } from './support/fixture.ts';
import { type Program, runProgram } from './support/program.ts';
import { startSmtp } from './support/smtp.ts';
import { SECRET_KEY } from './support/usher.ts';

// Runs the commands of docs/backup.md as they stand there.

const PAGE = await readFile(new URL('../docs/backup.md', import.meta.url), 'utf8');
const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** Returns the blocks of a section in a language, in order. */
function blocksOf(heading: string, language: string): string[] {
  const section = PAGE.split(/^## /m).find(text => text.startsWith(heading)) ?? '';
  const blocks = section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].flatMap(([, name, text = '']) => (name === language ? [text] : []));
}

const commandsOf = (heading: string) => blocksOf(heading, 'sh');

/** Returns the address of another database of the same server. */
function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = database;
  return url.href;
}

let postgres: DebianPostgres;
let folder: string;

/** Runs commands in the folder, where `npm run` starts the built programs; or as the account of a server, in its home. */
async function shell(
  command: string,
  env: Record<string, string>,
  server?: Pick<DebianPostgres, 'account' | 'home'>,
): Promise<string> {
  const child = spawn('/bin/sh', ['-euc', command], {
    cwd: server?.home ?? folder,
    ...server?.account,
    env: { PATH: [postgres.bin, process.env.PATH].join(delimiter), SECRET_KEY, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => (output += text));
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command}ended with ${code}:\n${output}`);
  return output;
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Assigns seats all the time, and revokes some of them. `kept` has the addresses of the others, in order. */
function keepAssigning(call: Call, subscription_id: string) {
  const kept: string[] = [];
  let isDone = false;
  const lanes = Array.from({ length: 4 }, async (_, lane) => {
    for (let i = 0; !isDone; i += 1) {
      const email = `p-${lane}-${i}@globex.example`;
      const answer = await call('POST', '', { subscription_id, email });
      if (answer.status !== 200) throw new Error(await answer.text());
      const { id } = (await answer.json()) as { id: string };
      if (i % 5 === 4) await call('DELETE', `/${id}`);
      else kept.push(email);
    }
  });
  return {
    kept,
    async stop() {
      isDone = true;
      await Promise.all(lanes);
    },
  };
}

type Call = (method: string, path: string, body?: object) => Promise<Response>;

/** Calls the REST API of a server as the fixture's organization. */
function callsOf(url: string, { tokens }: Fixture): Call {
  return (method, path, body) =>
    fetch(`${url}/v1/customer-seats${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens.organization}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
}

/** Waits until a server is up on an empty database, loads the fixture, and returns the address of the server. */
async function addressOf(usher: Program, database: string, fixture: Fixture): Promise<string> {
  const url = await usher.up();
  await importFile(database, fixture.document);
  return url;
}

/** The addresses of pending and claimed seats. */
async function holdersIn(url: string): Promise<Set<string>> {
  const seats = await query<{ email: string }>(
    url,
    "SELECT email FROM customer_seats WHERE status <> 'revoked'",
  );
  return new Set(seats.map(({ email }) => email));
}

describe.runIf(hasDebianPostgres())('docs/backup.md', () => {
  beforeAll(async () => {
    postgres = await startDebianPostgres();
  });
  afterAll(() => postgres.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-backup-'));
    const scripts = Object.fromEntries(
      ['doctor', 'export', 'import'].map(name => [name, `node "${DIST}/${name}.js"`]),
    );
    await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts }));
    return () => rm(folder, { recursive: true, force: true });
  });

  const outside = { SECRET_KEY, PUBLIC_URL: 'https://seats.example' };
  const embedded = urlOf(inject('templateUrl'), 'postgres');
  const targets = {
    'PostgreSQL 15': () => ({ admin: postgres.adminUrl, owner: 'app', own: postgres.url }),
    'PostgreSQL 18': () => ({ admin: embedded, owner: 'usher', own: embedded }),
  };

  test.each(Object.entries(targets))(
    'a dump of a server under load is restored into %s',
    async (_name, target) => {
      const { admin, owner, own } = target();
      const restored = urlOf(own, 'usher_restored');
      const source = urlOf(postgres.url, 'source');
      await query(postgres.adminUrl, 'CREATE DATABASE source OWNER app');
      const fixture = createFixture({ seats: 5_000 });
      const { subscription } = fixture.ids;
      const smtp = await startSmtp();
      const usher = runProgram('main', [], { ...outside, DATABASE_URL: source });
      const running = [usher];
      try {
        const load = keepAssigning(
          callsOf(await addressOf(usher, source, fixture), fixture),
          subscription,
        );
        const isGrowing = (from: number) =>
          expect.poll(() => load.kept.length, { timeout: 30_000 }).toBeGreaterThan(from);
        await isGrowing(40);
        const before = [...load.kept];
        const [dump = '', restore = '', check = ''] = commandsOf('Back up your own database');
        const env = {
          ...outside,
          OWNER_URL: source,
          ADMIN_URL: admin,
          OWNER: owner,
          RESTORED_URL: restored,
          SMTP_URL: smtp.url,
        };
        await shell(dump, env);
        await isGrowing(load.kept.length);
        await load.stop();
        expect(await usher.stop('SIGTERM')).toBe(0);
        await shell(restore, env);
        const found = await shell(check, env);
        expect(found).not.toMatch(/^problem/m);
        expect(found).toMatch(/^ok {7}counters: /m);
        const holders = await holdersIn(restored);
        expect(before.filter(email => !holders.has(email))).toEqual([]);
        expect(load.kept.some(email => !holders.has(email))).toBe(true);

        // Mails that waited go out with links that work.
        expect(smtp.taken).toEqual([]);
        const next = runProgram('main', [], { ...env, DATABASE_URL: restored });
        running.push(next);
        const [, address = ''] = await next.said(/"url":"(http:[^"]+)"/);
        await expect.poll(() => smtp.taken.length, { timeout: 30_000 }).toBeGreaterThan(3);
        const text = (await PostalMime.parse(smtp.taken[0]?.raw ?? '')).text ?? '';
        const [, token = ''] = /claim\?token=(\S+)/.exec(text) ?? [];
        const claimed = await callsOf(address, fixture)('POST', '/claim', {
          invitation_token: token,
        });
        expect(claimed.status).toBe(200);
        expect(await shell(check, env)).toMatch(/^ok {7}event order: /m);
      } finally {
        for (const program of running) await program.stop('SIGTERM');
        await smtp.close();
        await query(admin, 'DROP DATABASE IF EXISTS usher_restored WITH (FORCE)');
        await query(postgres.adminUrl, 'DROP DATABASE source WITH (FORCE)');
      }
    },
    120_000,
  );

  test('a server is restored as it was at a moment', async () => {
    const [settings = ''] = blocksOf('Restore to a point in time', 'ini');
    const [copy = '', restore = ''] = commandsOf('Restore to a point in time');
    const server = await startDebianPostgres(home =>
      settings.replaceAll('/backup', `${home}/backup`),
    );
    const BACKUP = `${server.home}/backup`;
    const asPostgres = (command: string, env = {}) =>
      shell(command, { BACKUP, BASE: `${BACKUP}/base-1`, PGDATA: server.data, ...env }, server);
    const fixture = createFixture();
    const { subscription: subscription_id } = fixture.ids;
    const start = () => runProgram('main', [], { ...outside, DATABASE_URL: server.url });
    const smtp = await startSmtp();
    let usher = start();
    try {
      await asPostgres('mkdir -p "$BACKUP/wal"');
      const call = callsOf(await addressOf(usher, server.url, fixture), fixture);
      const assign = async (name: string) => {
        const body = { subscription_id, email: `${name}@globex.example` };
        expect((await call('POST', '', body)).status).toBe(200);
      };
      await assign('before');
      await asPostgres(copy, { REPLICATION_URL: server.adminUrl });
      await assign('after-the-copy');
      const [now] = await query<{ moment: string }>(
        server.adminUrl,
        'SELECT clock_timestamp()::text AS moment',
      );
      await assign('after-the-moment');
      const [last] = await query<{ wal: string }>(
        server.adminUrl,
        'SELECT pg_walfile_name(pg_switch_wal()) AS wal',
      );
      const archived = async () =>
        (
          await query<{ wal: string }>(
            server.adminUrl,
            'SELECT last_archived_wal AS wal FROM pg_stat_archiver',
          )
        )[0]?.wal;
      await expect.poll(archived, { timeout: 30_000 }).toBe(last?.wal);
      await usher.stop('SIGTERM');
      await server.stop();
      await asPostgres('mv "$PGDATA" "$PGDATA.old"');

      await asPostgres(restore, { MOMENT: now?.moment });
      await server.start();
      const isRecovering = async () =>
        (await query<{ is: boolean }>(server.adminUrl, 'SELECT pg_is_in_recovery() AS is'))[0]?.is;
      await expect.poll(isRecovering, { timeout: 30_000 }).toBe(false);
      expect(await holdersIn(server.url)).toEqual(
        new Set(['before@globex.example', 'after-the-copy@globex.example']),
      );
      const env = { ...outside, DATABASE_URL: server.url, SMTP_URL: smtp.url };
      const found = await shell('npm run doctor', env);
      expect(found).not.toMatch(/^problem/m);
      usher = start();
      const again = callsOf(await usher.up(), fixture);
      const body = { subscription_id, email: 'after-the-restore@globex.example' };
      expect((await again('POST', '', body)).status).toBe(200);
    } finally {
      await usher.stop('SIGTERM');
      await smtp.close();
      await server.close();
    }
  }, 120_000);

  test('the embedded database is copied, and moved to one of your own and back', async () => {
    const DATA_DIR = join(folder, '.usher');
    const demo = runProgram('main', [], { DATA_DIR });
    await demo.up();
    expect(await demo.stop('SIGTERM')).toBe(0);
    const key = await readFile(join(DATA_DIR, 'secret.key'), 'utf8');

    const [copy = ''] = commandsOf('Back up the embedded database');
    await shell(copy, {});
    const [write = '', load = '', compress = ''] = commandsOf('Move to another database');
    await shell(write, { DATA_DIR: join(folder, 'usher-backup') });
    const fromCopy = await readFile(join(folder, 'usher.json'), 'utf8');
    await shell(write, { DATA_DIR });
    expect(await readFile(join(folder, 'usher.json'), 'utf8')).toBe(fromCopy);
    expect(JSON.parse(fromCopy).organizations[0].customers.length).toBeGreaterThan(0);

    const DATABASE_URL = urlOf(postgres.url, 'moved');
    await query(postgres.adminUrl, 'CREATE DATABASE moved OWNER app');
    const env = { DATABASE_URL, SECRET_KEY: key, PUBLIC_URL: 'https://seats.example' };
    const said = await shell(load, env);
    expect(said).not.toMatch(/^problem/m);
    await shell(write, env);
    expect(await readFile(join(folder, 'usher.json'), 'utf8')).toBe(fromCopy);
    await shell(compress, env);
    const compressed = join(folder, 'usher.json.gz');
    expect(gunzipSync(await readFile(compressed)).toString()).toBe(fromCopy);
    expect((await stat(compressed)).mode & 0o777).toBe(0o600);

    // And back, as over a new major version: the folder goes, the key stays.
    await rm(join(DATA_DIR, 'postgres'), { recursive: true });
    const [, again = ''] = commandsOf('Upgrade the embedded PostgreSQL');
    await shell(again, { DATA_DIR });
    await shell(write, { DATA_DIR });
    expect(await readFile(join(folder, 'usher.json'), 'utf8')).toBe(fromCopy);
    expect(await readFile(join(DATA_DIR, 'secret.key'), 'utf8')).toBe(key);
  }, 120_000);

  test('a folder of another major version is left alone, and the message says how to go on', async () => {
    const DATA_DIR = join(folder, '.usher');
    await mkdir(join(DATA_DIR, 'postgres'), { recursive: true });
    await symlink(postgres.data, join(DATA_DIR, 'postgres', 'data'));
    await writeFile(join(DATA_DIR, 'postgres', 'password'), 'x');
    const program = runProgram('main', [], { DATA_DIR });
    expect(await program.ended()).toBe(1);
    expect(program.output.stderr).toContain(
      `PostgreSQL 15 created it, and this version of usher has PostgreSQL 18. To keep the data, run \`npm run export -- --all usher.json\` with the version of usher from before, move ${DATA_DIR}/postgres away, and run \`npm run import -- usher.json\` with this one (docs/backup.md#upgrade-the-embedded-postgresql)`,
    );
    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
