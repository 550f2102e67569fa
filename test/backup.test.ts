import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { importFile } from '../src/import/import-file.ts';
import {
  type DebianPostgres,
  hasDebianPostgres,
  startDebianPostgres,
} from './support/debian-postgres.ts';
import { createFixture } from './support/fixture.ts';
import { runProgram } from './support/program.ts';
import { startSmtp } from './support/smtp.ts';
import { SECRET_KEY } from './support/usher.ts';

// Runs the commands of docs/backup.md as they stand there.

const PAGE = await readFile(new URL('../docs/backup.md', import.meta.url), 'utf8');
const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** Returns the commands of a section, in order. */
function commandsOf(heading: string): string[] {
  const section = PAGE.split(/^## /m).find(text => text.startsWith(heading)) ?? '';
  return [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, command = '']) => command);
}

let postgres: DebianPostgres;
let folder: string;

/** Runs commands in the folder, where `npm run` starts the built programs. */
async function shell(command: string, env: Record<string, string>): Promise<string> {
  const child = spawn('/bin/sh', ['-euc', command], {
    cwd: folder,
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

/** Holds a table that only dumps read, so that a dump is under way until the work is done. */
async function whileLocked<Result>(
  url: string,
  work: (untilWaiting: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN; LOCK TABLE _prisma_migrations IN ACCESS EXCLUSIVE MODE');
    return await work(async () => {
      const waiting = () =>
        query(
          url,
          "SELECT pid FROM pg_stat_activity WHERE application_name = 'pg_dump' AND wait_event_type = 'Lock'",
        );
      await expect.poll(waiting, { timeout: 30_000 }).toHaveLength(1);
    });
  } finally {
    await client.end();
  }
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

  const embeddedAdmin = () => {
    const url = new URL(inject('templateUrl'));
    url.pathname = 'postgres';
    return url.href;
  };
  const targets = {
    'PostgreSQL 15': () => ({ admin: postgres.adminUrl, owner: 'app', own: postgres.url }),
    'PostgreSQL 18': () => ({ admin: embeddedAdmin(), owner: 'usher', own: embeddedAdmin() }),
  };

  test.each(Object.entries(targets))(
    'a dump of a server under load is restored into %s',
    async (_name, target) => {
      const { admin, owner, own } = target();
      const restored = new URL(own);
      restored.pathname = 'usher_restored';
      const fixture = createFixture({ seats: 5_000 });
      const usher = runProgram('main', [], { DATABASE_URL: postgres.url, SECRET_KEY });
      const smtp = await startSmtp();
      let isDone = false;
      let load: Promise<void>[] = [];
      try {
        const url = await usher.up();
        await importFile(postgres.url, fixture.document);
        const call = (method: string, path: string, at: string, body?: object) =>
          fetch(at + path, {
            method,
            headers: {
              authorization: `Bearer ${fixture.tokens.organization}`,
              'content-type': 'application/json',
            },
            ...(body && { body: JSON.stringify(body) }),
          });
        const { subscription: subscription_id } = fixture.ids;
        const given: string[] = [];
        load = Array.from({ length: 6 }, async (_, lane) => {
          for (let i = 0; !isDone; i += 1) {
            const email = `p-${lane}-${i}@globex.example`;
            const answer = await call('POST', '/v1/customer-seats', url, {
              subscription_id,
              email,
            });
            if (answer.status !== 200) throw new Error(await answer.text());
            given.push(email);
            const { id } = (await answer.json()) as { id: string };
            if (i % 5 === 4) await call('DELETE', `/v1/customer-seats/${id}`, url);
          }
        });
        await expect.poll(() => given.length, { timeout: 30_000 }).toBeGreaterThan(60);
        const before = given.filter(email => Number(/-(\d+)@/.exec(email)?.[1]) % 5 !== 4);

        const [dump = '', restore = '', check = ''] = commandsOf('Back up your own database');
        const env = {
          DATABASE_URL: postgres.url,
          ADMIN_URL: admin,
          OWNER: owner,
          RESTORED_URL: restored.href,
          SMTP_URL: smtp.url,
          PUBLIC_URL: 'https://seats.example',
        };
        const during = await whileLocked(postgres.url, async untilWaiting => {
          const dumping = shell(dump, env);
          await untilWaiting();
          const begun = given.length;
          await expect.poll(() => given.length, { timeout: 30_000 }).toBeGreaterThan(begun + 10);
          // The first ones may have been on their way when the dump began.
          return { dumping, emails: given.slice(begun + 6) };
        });
        await during.dumping;
        await shell(restore, env);
        isDone = true;
        await Promise.all(load);
        expect(await usher.stop('SIGTERM')).toBe(0);
        const found = await shell(check, env);
        expect(found).not.toMatch(/^problem/m);
        expect(found).toMatch(/^ok {7}counters: /m);

        const emails = await query<{ email: string }>(
          restored.href,
          "SELECT email FROM customer_seats WHERE status <> 'revoked'",
        );
        const kept = new Set(emails.map(({ email }) => email));
        expect(before.filter(email => !kept.has(email))).toEqual([]);
        expect(during.emails.filter(email => kept.has(email))).toEqual([]);

        // Mails that waited go out with links that work.
        expect(smtp.taken).toEqual([]);
        const next = runProgram('main', [], {
          DATABASE_URL: restored.href,
          SECRET_KEY,
          SMTP_URL: smtp.url,
          PUBLIC_URL: 'https://seats.example',
        });
        await next.said(/running/);
        const [, address = ''] = await next.said(/"url":"(http:[^"]+)"/);
        await expect.poll(() => smtp.taken.length, { timeout: 30_000 }).toBeGreaterThan(3);
        const text = (await PostalMime.parse(smtp.taken[0]?.raw ?? '')).text ?? '';
        const [, token = ''] = /claim\?token=(\S+)/.exec(text) ?? [];
        const claimed = await call('POST', '/v1/customer-seats/claim', address, {
          invitation_token: token,
        });
        expect(claimed.status).toBe(200);
        expect(await shell(check, env)).toMatch(/^ok {7}event order: /m);
        expect(await next.stop('SIGTERM')).toBe(0);
      } finally {
        isDone = true;
        await Promise.allSettled(load);
        await usher.stop('SIGTERM');
        await smtp.close();
        await query(admin, 'DROP DATABASE IF EXISTS usher_restored WITH (FORCE)');
      }
    },
    120_000,
  );

  test('the embedded database is copied, and moved to one of your own and back', async () => {
    const DATA_DIR = join(folder, '.usher');
    const demo = runProgram('main', [], { DATA_DIR });
    await demo.up();
    expect(await demo.stop('SIGTERM')).toBe(0);
    const key = await readFile(join(DATA_DIR, 'secret.key'), 'utf8');

    const [copy = ''] = commandsOf('Back up the embedded database');
    await shell(copy, {});
    const [write = '', load = ''] = commandsOf('Move to another database');
    await shell(write, { DATA_DIR: join(folder, 'usher-backup') });
    const fromCopy = await readFile(join(folder, 'usher.json'), 'utf8');
    await shell(write, { DATA_DIR });
    expect(await readFile(join(folder, 'usher.json'), 'utf8')).toBe(fromCopy);
    expect(JSON.parse(fromCopy).organizations[0].customers.length).toBeGreaterThan(0);

    const own = new URL(postgres.url);
    own.pathname = 'moved';
    await query(postgres.adminUrl, 'CREATE DATABASE moved OWNER app');
    const env = { DATABASE_URL: own.href, SECRET_KEY: key, PUBLIC_URL: 'https://seats.example' };
    const said = await shell(load, env);
    expect(said).not.toMatch(/^problem/m);
    await shell(write, env);
    expect(await readFile(join(folder, 'usher.json'), 'utf8')).toBe(fromCopy);

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
