import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { DatabaseBusy } from '../../src/db/constraints.ts';
import { transaction } from '../../src/db/transaction.ts';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// A database that refuses connections for a while, as in maintenance.

let usher: TestUsher;
let fixture: Fixture;
let admin: pg.Client;
let name: string;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
  name = new URL(usher.databaseUrl).pathname.slice(1);
  admin = new pg.Client({ connectionString: inject('templateUrl').replace(/[^/]+$/, 'postgres') });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await usher.close();
});

const endConnections = () =>
  admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = '${name}'`);

const assign = (email: string) =>
  fetch(`${usher.url}/v1/customer-seats`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${fixture.tokens.organization}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ subscription_id: fixture.ids.subscription, email }),
  });

const read = () =>
  usher.graphql(
    `{ customerSubscription(id: "${fixture.ids.subscription}") { id } }`,
    {},
    fixture.tokens.organization,
  );

test('a connection that ends between two statements is a busy database, and nothing was changed', async () => {
  const failure = await transaction(usher.db, async tx => {
    const [own] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    await admin.query('SELECT pg_terminate_backend($1, 5000)', [own?.pid]);
    await tx.organization.count();
  }).catch(error => error);
  expect(failure).toBeInstanceOf(DatabaseBusy);
  expect(failure.isUndone).toBe(true);
});

describe.each([
  [
    'allows none',
    () => `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
    () => `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`,
  ],
  [
    'has another name',
    () => `ALTER DATABASE ${name} RENAME TO renamed_${name}`,
    () => `ALTER DATABASE renamed_${name} RENAME TO ${name}`,
  ],
])('a database that %s', (what, change, undo) => {
  test('is answered with 503 meanwhile, and works after it', async () => {
    const email = `${what.replaceAll(' ', '-')}@globex.example`;
    // usher may connect again before the change, which PostgreSQL then refuses.
    await vi.waitFor(
      async () => {
        await endConnections();
        await admin.query(change());
      },
      { timeout: 40_000 },
    );
    await endConnections();
    try {
      const refused = await assign(email);
      expect(refused.status).toBe(503);
      const { errors } = await read();
      expect(errors?.[0]?.extensions?.code).toBe('SERVICE_UNAVAILABLE');
    } finally {
      await admin.query(undo());
    }
    expect((await assign(email)).status).toBe(200);
    expect((await read()).errors).toBeUndefined();
  });
});
