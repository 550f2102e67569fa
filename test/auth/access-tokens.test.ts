import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCOPES } from '../../src/auth/access-tokens.ts';
import { hashToken } from '../../src/auth/token.ts';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

/** Runs the command on the database of the server under test. */
async function token(...args: string[]) {
  return await tokenOn([], ...args);
}

/** Runs it with options of Node.js. */
async function tokenOn(nodeOptions: string[], ...args: string[]) {
  const child = spawn(process.execPath, [...nodeOptions, 'dist/token.js', ...args], {
    env: { PATH: process.env.PATH, DATABASE_URL: usher.databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', text => (output.stderr += text));
  const [code] = await once(child, 'close');
  return { code, ...output, lines: output.stdout.trim().split('\n') };
}

async function list(bearer: string | undefined) {
  const path = `/v1/customer-seats?subscription_id=${fixture.ids.subscription}`;
  return (await usher.rest('GET', path, { token: bearer })).status;
}

describe('npm run token', () => {
  test('creates a working token, shows it once, stores its hash, and revokes it', async () => {
    const made = await token(
      'create',
      '--organization',
      fixture.slug,
      '--scope',
      'customer_seats:read',
    );
    expect(made.code).toBe(0);
    // Only the token is on standard output, so that a shell can capture it: TOKEN=$(npm run --silent token -- create …)
    expect(made.stdout).toMatch(/^usher_oat_[\w-]{43}\n$/);
    expect(made.stderr).toMatch(
      /^id [\da-f-]{36}; this is the only time that the token is shown\n$/,
    );
    const [secret = ''] = made.lines;
    expect(await list(secret)).toBe(200);

    const row = await usher.db.accessToken.findUniqueOrThrow({
      where: { tokenHash: hashToken(secret) },
    });
    expect(row).toMatchObject({ scopes: ['customer_seats:read'], expiresAt: null });

    const listed = await token('list', '--organization', fixture.slug);
    expect(listed.stdout).toContain(row.id);
    expect(listed.stdout).not.toContain(secret);

    expect((await token('revoke', row.id)).code).toBe(0);
    expect(await list(secret)).toBe(401);
    expect((await token('revoke', row.id)).code).toBe(1);
  });

  test('creates a personal token that expires', async () => {
    const user = await usher.db.user.findFirstOrThrow({ where: { id: fixture.ids.user } });
    const made = await token(
      'create',
      '--user',
      user.email,
      '--scope',
      'customer_seats:write',
      '--expires',
      '2999-01-01',
    );
    const [secret = ''] = made.lines;
    expect(secret).toMatch(/^usher_pat_/);
    expect(await list(secret)).toBe(200);
    const row = await usher.db.accessToken.findUniqueOrThrow({
      where: { tokenHash: hashToken(secret) },
    });
    expect(row.expiresAt).toEqual(new Date('2999-01-01T23:59:59.999Z'));
  });

  const TODAY = new Date().toISOString().slice(0, 10);
  test.each([
    [TODAY, `${TODAY}T23:59:59.999Z`],
    ['2996-02-29', '2996-02-29T23:59:59.999Z'],
    ['2999-01-01T12:00:00Z', '2999-01-01T12:00:00.000Z'],
    ['2999-01-01T12:00:00.5+02:00', '2999-01-01T10:00:00.500Z'],
  ])(
    'makes one that expires at %s: a day at its end, a time exactly then',
    async (given, expected) => {
      const scope = ['--scope', 'customer_seats:read'];
      const made = await token(
        'create',
        '--organization',
        fixture.slug,
        ...scope,
        '--expires',
        given,
      );
      expect(made.code).toBe(0);
      const row = await usher.db.accessToken.findUniqueOrThrow({
        where: { tokenHash: hashToken(made.lines[0] ?? '') },
      });
      expect(row.expiresAt?.toISOString()).toBe(expected);
    },
  );

  test.each([
    '2001-01-01T00:00:00Z',
    '2999-02-30',
    '2999-01-01T25:00:00Z',
    '2999-01-01T12:00:00',
    '31.12.2999',
    'tomorrow',
    '',
  ])('refuses the expiry %j', async given => {
    const scope = ['--scope', 'customer_seats:read'];
    const made = await token(
      'create',
      '--organization',
      fixture.slug,
      ...scope,
      '--expires',
      given,
    );
    expect([made.code, made.stdout]).toEqual([1, '']);
    expect(made.stderr).toContain(`--expires takes a future day or time, not ${given}.`);
  });

  test("goes by the database's time for an expiry, though the clock of the machine is ahead", async () => {
    const hook = fileURLToPath(new URL('../support/two-hours-ahead.cjs', import.meta.url));
    const make = (expires: Date) =>
      tokenOn(
        ['--require', hook],
        'create',
        ...['--organization', fixture.slug, '--scope', 'customer_seats:read'],
        ...['--expires', expires.toISOString()],
      );
    const inAnHour = await make(new Date(Date.now() + 3_600_000));
    expect([inAnHour.code, await list(inAnHour.lines[0])]).toEqual([0, 200]);
    expect((await make(new Date(Date.now() - 1_000))).code).toBe(1);
  });

  test.each([[['--help']], [['create', '-h']]])('prints its usage for %j', async args => {
    const { code, stdout, stderr } = await token(...args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage:/);
    expect(stdout).toContain('at whose end in UTC the token expires');
  });

  test('creates a token with every scope, each once', async () => {
    const scopes = SCOPES.flatMap(scope => ['--scope', scope, '--scope', scope]);
    const made = await token('create', '--organization', fixture.slug, ...scopes);
    expect(made.code).toBe(0);
    const [secret = ''] = made.lines;
    const row = await usher.db.accessToken.findUniqueOrThrow({
      where: { tokenHash: hashToken(secret) },
    });
    expect(row.scopes).toEqual([...SCOPES]);
    expect(SCOPES).toEqual(expect.arrayContaining(['webhooks:write', 'organizations:write']));
  });

  test.each([
    ['nothing', [], 'Usage'],
    ['too much', ['list', 'acme', '--organization', 'acme'], 'Usage'],
    ['an unknown option', ['list', '--organisation', 'acme'], 'Usage'],
    ['no scope', ['create', '--organization', 'acme'], '--scope'],
    [
      'an unknown scope',
      ['create', '--organization', 'acme', '--scope', 'all'],
      'customer_seats:read',
    ],
    ['no subject', ['create', '--scope', 'customer_seats:read'], 'Name an organization or a user'],
    ['an unknown organization', ['list', '--organization', 'nobody'], 'No organization'],
    [
      'a day gone by',
      ['create', '--user', 'a@b.c', '--scope', 'customer_seats:read', '--expires', '2001-01-01'],
      '--expires',
    ],
  ])('reports what is missing or wrong: %s', async (_name, args, message) => {
    const { code, stderr, stdout } = await token(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test('the use of a token is recorded at most once a minute', async () => {
  const { tokenHash } = { tokenHash: hashToken(fixture.tokens.reader) };
  const lastUsed = async () =>
    (await usher.db.accessToken.findUniqueOrThrow({ where: { tokenHash } })).lastUsedAt;
  expect(await lastUsed()).toBeNull();
  await list(fixture.tokens.reader);
  const first = await lastUsed();
  expect(first).not.toBeNull();
  await list(fixture.tokens.reader);
  expect(await lastUsed()).toEqual(first);
  usher.advance(61_000);
  await list(fixture.tokens.reader);
  expect(await lastUsed()).not.toEqual(first);
});

test('a database that is read-only still answers reads', async () => {
  await using readOnly = await startUsher().then(started => ({
    ...started,
    [Symbol.asyncDispose]: started.close,
  }));
  const { tokens, ids } = await readOnly.addFixture();
  const name = new URL(readOnly.databaseUrl).pathname.slice(1);
  await readOnly.db.$executeRawUnsafe(
    `ALTER DATABASE ${name} SET default_transaction_read_only TO on`,
  );
  await readOnly.db.$executeRaw`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  await readOnly.db.$executeRaw`SELECT set_config('default_transaction_read_only', 'on', false)`;
  const path = `/v1/customer-seats?subscription_id=${ids.subscription}`;
  for (const token of [tokens.organization, tokens.personal]) {
    expect((await readOnly.rest('GET', path, { token })).status).toBe(200);
  }
  const assigned = await fetch(`${readOnly.url}/v1/customer-seats`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokens.organization}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ subscription_id: ids.subscription, email: 'a@b.example' }),
  });
  expect(assigned.status).toBe(503);
});
