import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashToken } from '../src/auth/token.ts';
import { openDatabase } from '../src/db/client.ts';
import { openDemo } from '../src/demo.ts';
import { createDatabase } from './support/database.ts';
import { type Program, type ProgramName, runProgram } from './support/program.ts';

// The demo fixture and its tokens: for one machine, and ended once usher serves others.

let folder: string;
const running: Program[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-demo-'));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

function run(name: ProgramName, env: Record<string, string> = {}, args: string[] = []): Program {
  const program = runProgram(name, args, { HOME: folder, DATA_DIR: join(folder, 'data'), ...env });
  running.push(program);
  return program;
}

const TOKENS = /usher_(?:oat|pat|cst|mst)_[\w-]+/g;

/** Starts a server, and gives what it told at its start once it has stopped, or what `work` makes of it before. */
async function startOnce<T>(
  env: Record<string, string>,
  work: (url: string) => Promise<T>,
): Promise<{ told: string; result: T }> {
  const usher = run('main', env);
  const result = await work(await usher.up());
  expect(await usher.stop('SIGTERM')).toBe(0);
  return { told: usher.output.stdout + usher.output.stderr, result };
}

/** The four tokens that a first start shows. */
async function makeDemo(): Promise<string[]> {
  const { told } = await startOnce({}, async () => undefined);
  const tokens = [...new Set(told.match(TOKENS))];
  expect(tokens.map(token => token.slice(0, 10)).sort()).toEqual(
    ['usher_cst_', 'usher_mst_', 'usher_oat_', 'usher_pat_'].sort(),
  );
  return tokens;
}

/** What each token may do: 200 for one that is good, 401 for one that is not. */
async function statuses(url: string, tokens: readonly string[]): Promise<number[]> {
  const status = async (token: string) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ viewer { kind } }' }),
    });
    return response.status;
  };
  return await Promise.all(tokens.map(status));
}

type Headers = Record<string, string>;

/** GraphiQL, asked for under any name; fetch cannot ask so. */
async function page(url: string, headers: Headers = {}): Promise<string> {
  return await new Promise((resolve, reject) => {
    const all = { accept: 'text/html', ...headers };
    request(`${url}/graphql`, { headers: all }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}

/** The page is too large to be shown where it has one. */
const tokensIn = (text: string) => [...new Set(text.match(TOKENS))].join();

const GOOD = [200, 200, 200, 200];
const ENDED = [401, 401, 401, 401];

test('GraphiQL has the token for local callers alone', async () => {
  const usher = run('main');
  const url = await usher.up();
  const { port } = new URL(url);
  const [token = ''] = /usher_oat_[\w-]+/.exec(usher.output.stdout) ?? [];
  expect(token).not.toBe('');
  const local: Headers[] = [
    {},
    { host: `localhost:${port}` },
    { host: 'LOCALHOST' },
    { host: `[::1]:${port}` },
    { host: '127.8.9.1' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' },
  ];
  for (const headers of local) {
    const text = await page(url, headers);
    expect([headers, text.includes('AssignSeat'), tokensIn(text)]).toEqual([headers, true, token]);
  }
  const others: Headers[] = [
    { host: 'seats.example.com' },
    { host: `evil.example:${port}` },
    { host: 'localhost.evil.example' },
    { host: 'evil.localhost' },
    { host: 'localhost.' },
    { host: '127.0.0.1.evil.example' },
    { host: '0.0.0.0' },
    { host: '10.0.0.1' },
    { host: 'localhost@evil.example' },
    { 'x-forwarded-for': '203.0.113.9' },
    { 'x-forwarded-for': '127.0.0.1' },
    { 'x-forwarded-host': 'localhost' },
    { 'x-forwarded-proto': 'https' },
    { 'x-forwarded-server': 'proxy' },
    { forwarded: 'for=203.0.113.9' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '203.0.113.9' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
  ];
  for (const headers of others) {
    expect([headers, tokensIn(await page(url, headers))]).toEqual([headers, '']);
  }
});

describe('the demo is ended for good', () => {
  test.each<Record<string, string>>([
    { DEMO: 'false' },
    { PUBLIC_URL: 'https://seats.example.com' },
    { SMTP_URL: 'smtp://127.0.0.1:1' },
    { HOST: '0.0.0.0' },
    { DEMO: 'false', PROCESSES: '2' },
  ])('by a start with %j', async env => {
    const tokens = await makeDemo();
    const ending = await startOnce(env, async url => ({
      statuses: await statuses(url, tokens),
      shown: tokensIn(await page(url)),
    }));
    expect(ending.result).toEqual({ statuses: ENDED, shown: '' });
    expect(ending.told).not.toMatch(TOKENS);
    expect(ending.told).toContain("The demo's tokens and sessions were ended");

    const after = await startOnce({}, async url => ({
      statuses: await statuses(url, tokens),
      shown: tokensIn(await page(url)),
    }));
    expect(after.result).toEqual({ statuses: ENDED, shown: '' });
    expect(after.told).not.toMatch(TOKENS);
    expect(after.told).toContain('To begin afresh');
    expect(after.told).toContain(join(folder, 'data'));
  });

  test('by a worker, while a server still runs', async () => {
    const usher = run('main');
    const url = await usher.up();
    const tokens = [...new Set(usher.output.stdout.match(TOKENS))];
    expect(await statuses(url, tokens)).toEqual(GOOD);
    const worker = run('worker', { DEMO: 'false' });
    await worker.said(/"running"/);
    await expect.poll(() => statuses(url, tokens), { timeout: 10_000 }).toEqual(ENDED);
    expect(await worker.stop('SIGTERM')).toBe(0);
  });

  test('in a database of one’s own, whatever its key was', async () => {
    const database = await createDatabase();
    const usher = openDatabase(database.url);
    try {
      const demo = await openDemo(usher, database.url, 'the key of another machine, of 32 bytes');
      const tokens = Object.values(demo?.tokens ?? {});
      expect(tokens).toHaveLength(4);
      const mine = 'usher_oat_made-for-the-demo-organization';
      const { organizationId } = await usher.db.accessToken.findFirstOrThrow({
        where: { organizationId: { not: null } },
      });
      await usher.db.accessToken.create({
        data: {
          id: crypto.randomUUID(),
          tokenHash: hashToken(mine),
          organizationId,
          scopes: ['customer_seats:read'],
        },
      });
      const env = { DATABASE_URL: database.url, SECRET_KEY: 'k'.repeat(40) };
      const { told, result } = await startOnce(env, url => statuses(url, [...tokens, mine]));
      expect(result).toEqual([...ENDED, 200]);
      expect(told).not.toMatch(TOKENS);
    } finally {
      await usher.close();
      await database.drop();
    }
  });
});

test('the demo fixture that is imported as a file has no tokens', async () => {
  const database = await createDatabase();
  const usher = openDatabase(database.url);
  try {
    const env = { DATABASE_URL: database.url, SECRET_KEY: 'k'.repeat(40) };
    expect(await run('import', env, ['prisma/demo.json']).ended()).toBe(0);
    const { told, result } = await startOnce(env, async url => tokensIn(await page(url)));
    expect([tokensIn(told), result]).toEqual(['', '']);
    expect(await usher.db.accessToken.count()).toBe(0);
    expect(await usher.db.customerSession.count()).toBe(0);
    expect(await usher.db.memberSession.count()).toBe(0);
  } finally {
    await usher.close();
    await database.drop();
  }
});

test.each<Record<string, string>>([
  { DATABASE_URL: 'postgresql://127.0.0.1:1/usher', SECRET_KEY: 'k'.repeat(40) },
  { PUBLIC_URL: 'https://seats.example.com' },
  { SMTP_URL: 'smtp://mail.example.com' },
  { HOST: '0.0.0.0' },
  { HOST: '::' },
])('the demo is refused with %j', async env => {
  const usher = run('main', { DEMO: 'true', ...env });
  expect(await usher.ended()).toBe(1);
  const [name = ''] = Object.keys(env);
  expect(usher.output.stderr).toMatch(new RegExp(`^usher: DEMO cannot be true with ${name}: `));
  expect(usher.output.stderr.trim()).not.toContain('\n');
});
