import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { createFixture } from '../support/fixture.ts';
import { endWaiting, untilWaiting } from '../support/locks.ts';
import { runProgram } from '../support/programs.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

type CuttingProxy = Awaited<ReturnType<typeof startCuttingProxy>>;

const { document, slug } = createFixture();
let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
  await usher.load(document);
});
afterAll(() => usher.close());

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-export-all-'));
  file = join(folder, 'usher.json');
  await writeFile(file, 'the last one');
  await chmod(file, 0o644);
  return () => rm(folder, { recursive: true });
});

const run = (...args: string[]) => runProgram(usher, 'export', args);

test('replaces an older file, which others could read', async () => {
  expect(await run('--all', file)).toMatchObject({ code: 0, stdout: '' });
  expect(JSON.parse(await readFile(file, 'utf8')).organizations).toMatchObject([{ slug }]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['usher.json']);
});

test('replaces the file that a link leads to', async () => {
  const link = join(folder, 'link.json');
  await symlink(file, link);
  expect((await run('--all', link)).code).toBe(0);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(link, 'utf8')).toBe(await readFile(file, 'utf8'));
});

test('leaves the older file as it is when it fails', async () => {
  const { code, stderr } = await run('--all', '--organization', 'nobody', file);
  expect([code, stderr]).toEqual([1, 'export: No organization nobody.\n']);
  expect(await readFile(file, 'utf8')).toBe('the last one');
  expect(await readdir(folder)).toEqual(['usher.json']);
});

test.each([
  ['', async () => undefined],
  [', also when PostgreSQL is silent', async (proxy: CuttingProxy) => proxy.cutOff({ all: true })],
])('stops at a signal, and leaves the older file as it is%s', async (_when, cut) => {
  const proxy = await startCuttingProxy(usher.databaseUrl);
  const client = new pg.Client({ connectionString: usher.databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN; LOCK TABLE products IN ACCESS EXCLUSIVE MODE');
    const child = spawn(process.execPath, ['dist/export.js', '--all', file], {
      env: { PATH: process.env.PATH, DATABASE_URL: proxy.url },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = textOf(child.stderr);
    await untilWaiting(usher);
    await cut(proxy);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(await said).toBe('export: Stopped by SIGTERM; nothing was exported\n');
    expect(await readFile(file, 'utf8')).toBe('the last one');
    expect(await readdir(folder)).toEqual(['usher.json']);
  } finally {
    await client.end();
    await proxy.close();
  }
});

test.each([
  ['--all, for everything', 'products', ['--all'], 'nothing was exported'],
  ['seats', 'organizations', ['--output'], 'the file is incomplete'],
])(
  'says in one line that the database ended the connection: %s',
  async (_name, table, args, consequence) => {
    const client = new pg.Client({ connectionString: usher.databaseUrl });
    await client.connect();
    try {
      await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const ended = run(...args, file);
      await untilWaiting(usher);
      await endWaiting(usher);
      expect(await ended).toEqual({
        code: 1,
        stdout: '',
        stderr: `export: The database ended the connection; ${consequence}. Run the export again\n`,
      });
    } finally {
      await client.end();
    }
  },
);

test.each([
  ['--all', '/dev/full'],
  ['--output', '/dev/full'],
])('a disk that is full is an error: %s %s', async (...args) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^export: ENOSPC: /);
  expect(stderr).not.toContain('Exported');
});
