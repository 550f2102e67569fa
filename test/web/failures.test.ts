import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { ended, invited, rename } from './invitations.ts';
import { submit, visit } from './pages.ts';

// What goes wrong on the way, and what the log says of it and of everything else.

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher({ logLevel: 'debug' });
});
afterAll(() => usher.close());

test('a claim that breaks is a page that says so, and no more', async () => {
  const { token, seatId } = await invited(usher, await usher.addFixture());
  await usher.db.$executeRaw`
    ALTER TABLE customer_seats ADD CONSTRAINT broken CHECK (status <> 'claimed') NOT VALID`;
  const { status, headers, title, html, policy } = await submit(usher, '/claim', { token });
  await usher.db.$executeRaw`ALTER TABLE customer_seats DROP CONSTRAINT broken`;
  expect([status, title]).toEqual([500, 'Something went wrong']);
  expect(headers.get('content-type')).toBe('text/html; charset=UTF-8');
  expect(policy['default-src']).toEqual(["'none'"]);
  for (const secret of [token, seatId, 'broken', 'Error', ' at ']) {
    expect(html).not.toContain(secret);
  }
  expect(usher.log.filter(line => line.includes('broken'))).toHaveLength(1);
  expect((await submit(usher, '/claim', { token })).title).toContain('You’re in');
});

test('a database that is too busy is a page that says when to come again', async () => {
  const { token, seatId } = await invited(usher, await usher.addFixture());
  const client = new pg.Client({ connectionString: usher.databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM customer_seats WHERE id = $1 FOR UPDATE', [seatId]);
    const { status, headers, title, html } = await submit(usher, '/claim', { token });
    expect([status, title]).toEqual([503, 'We’re very busy']);
    expect(headers.get('retry-after')).toBe('1');
    expect(html).not.toContain(token);
  } finally {
    await client.end();
  }
});

test('the log names the pages that were asked for, and no token', async () => {
  const fixture = await usher.addFixture();
  await rename(usher, fixture, { returnUrl: 'https://app.acme.example/in' });
  const open = await invited(usher, fixture);
  const { headers } = await submit(usher, '/claim', { token: open.token });
  const session = headers.get('location')?.split('=')[1] ?? '';
  const tokens = [open.token, session];
  for (const end of ['used', 'expired', 'revoked'] as const) {
    const { token, path } = await ended(usher, fixture, end);
    await visit(usher, path);
    await visit(usher, path, { method: 'DELETE' });
    await visit(usher, path, { method: 'POST', body: token });
    await submit(usher, path, { token });
    tokens.push(token);
  }
  const log = usher.log.join('');
  expect(session).toMatch(/^usher_mst_/);
  for (const token of tokens) expect(log).not.toContain(token);
  const lines = usher.log.map(line => JSON.parse(line));
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: 'request', method: 'GET', route: '/claim', status: 410 }),
  );
});
