import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
} from 'vitest';
import { readRows } from '../../src/csv/read-rows.ts';
import { SEAT_TABLE } from '../../src/csv/seat-table.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import type { Fixture } from '../support/fixture.ts';
import { range } from '../support/parallel.ts';
import { runProgram } from '../support/programs.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function cellsOf(text: string): Promise<string[][]> {
  const rows = [];
  for await (const { cells } of readRows(Readable.from([Buffer.from(text)]))) rows.push(cells);
  return rows;
}

const run = (...args: string[]) => runProgram(usher, 'export', args);

/** Exports, and returns the addresses of the seats. */
async function addressesOf(...args: string[]): Promise<(string | undefined)[]> {
  const { code, stdout } = await run(...args);
  expect(code).toBe(0);
  const [header = [], ...rows] = await cellsOf(stdout);
  return rows.map(cells => cells[header.indexOf('customer_email')]);
}

async function assignMany(fixture: Fixture, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1_000) {
    const seats = range(Math.min(1_000, count - at)).map(i => ({
      email: `p-${at + i}@globex.example`,
    }));
    const body = { subscription_id: fixture.ids.subscription, seats };
    const token = fixture.tokens.organization;
    await usher.rest('POST', '/v1/customer-seats/batch', { token, body });
  }
}

test('writes the seats of all, of an organization, of a pool, and in a state', async () => {
  const [one, other] = [await usher.addFixture(), await usher.addFixture()];
  const email = (name: string) => ({ email: `${name}@globex.example` });
  await givenSeat(usher, one, email('a'));
  await givenSeat(usher, one, { ...email('b'), order_id: one.ids.order, immediate_claim: true });
  const c = await givenSeat(usher, other, email('c'));
  const token = other.tokens.organization;
  await usher.rest('DELETE', `/v1/customer-seats/${c.id}`, { token });
  await givenSeat(usher, other, email('d'));

  const { stdout, stderr } = await run('--organization', one.slug.toUpperCase());
  expect(stderr).toBe('Exported 2 seats\n');
  const [header, ...rows] = await cellsOf(stdout);
  expect(header).toEqual(['organization', ...SEAT_TABLE]);
  expect(rows.map(([slug]) => slug)).toEqual([one.slug, one.slug]);

  const all = await addressesOf();
  expect(all.toSorted()).toEqual(['a', 'b', 'd'].map(name => email(name).email));
  expect(await addressesOf('--status', 'claimed', '--organization', one.slug)).toEqual([
    'b@globex.example',
  ]);
  const states = ['--status', 'claimed', '--status', 'pending', '--pool', other.ids.subscription];
  expect(await addressesOf(...states)).toEqual(['d@globex.example']);
});

test('writes each of many seats once, also to a file', async () => {
  const fixture = await usher.addFixture({ seats: 2_100 });
  await assignMany(fixture, 2_100);
  const addresses = await addressesOf('--organization', fixture.slug);
  expect(addresses.length).toBe(2_100);
  expect(new Set(addresses).size).toBe(2_100);
  const folder = await mkdtemp(join(tmpdir(), 'usher-export-'));
  const path = join(folder, 'seats.csv');
  const { stdout } = await run('--output', path, '--pool', fixture.ids.subscription);
  expect(stdout).toBe('');
  expect((await cellsOf(await readFile(path, 'utf8'))).length).toBe(2_101);
  await rm(folder, { recursive: true });
});

/** Starts to export all seats. */
function startExport(databaseUrl: string, ...args: string[]) {
  const child = spawn(process.execPath, ['dist/export.js', ...args], {
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
  return { child, said: () => stderr };
}

/** Starts to export all seats, and waits until it writes. Those of the tests before are more than a pipe takes. */
async function startWriting(databaseUrl = usher.databaseUrl) {
  const started = startExport(databaseUrl);
  await once(started.child.stdout, 'readable');
  return started;
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'stops at %s, and says so, though nobody reads what it wrote',
  async signal => {
    const { child, said } = await startWriting();
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([1, null]);
    child.stdout.resume();
    await once(child, 'close');
    expect(said()).toBe(`export: Stopped by ${signal}; the file is incomplete\n`);
  },
);

describe('to a named pipe', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-export-'));
    path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('waits for its reader, and writes all', async () => {
    const { child } = startExport(usher.databaseUrl, '--output', path);
    const [text] = await Promise.all([readFile(path, 'utf8'), once(child, 'close')]);
    expect(child.exitCode).toBe(0);
    expect(text).toBe((await run()).stdout);
  });

  test('stops while the reader reads no more', async () => {
    // Opened for both, it waits for no other side. A pipe has room for 64 KB.
    const reader = await open(path, 'r+');
    const { child, said } = startExport(usher.databaseUrl, '--output', path);
    await reader.read(Buffer.alloc(1), 0, 1);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(said()).toBe('export: Stopped by SIGTERM; the file is incomplete\n');
    await reader.close();
  });
});

test('stops while PostgreSQL is silent', async () => {
  const proxy = await startCuttingProxy(usher.databaseUrl);
  onTestFinished(proxy.close);
  const { child, said } = await startWriting(proxy.url);
  proxy.cutOff({ all: true });
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(said()).toContain('Stopped by SIGINT');
});

test('ends in peace when its reader has enough', async () => {
  const { child, said } = await startWriting();
  child.stdout.destroy();
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(said()).toBe('');
});

test.each([
  [['--organization', 'nobody'], 'No organization nobody.'],
  [['--pool', '9d2b0c9e-33c4-4b0f-9a57-2c1d6f1b7a20'], 'No subscription or order 9d2b'],
  [['--status', 'free'], 'free is not a state of seats.'],
  [['--what'], "Unknown option '--what'"],
  [['--output', '/nowhere/seats.csv'], 'ENOENT'],
])('refuses %j', async (args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(message);
});
