import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { beginSharedTransaction } from '../../src/db/shared-transaction.ts';
import { createDatabase } from '../support/database.ts';
import {
  changeSettings,
  DIFFERENT,
  namedBy,
  OF_A_POOL,
  REQUIRED,
  SHOW,
} from '../support/different-settings.ts';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// A database and a connection string whose settings differ from those of usher.

/** Returns the connection string with all settings in its `options`, which replace those of the program. */
function withOptions(address: string): string {
  const url = new URL(address);
  const options = Object.entries(DIFFERENT)
    .filter(([name]) => name !== 'standard_conforming_strings')
    .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`);
  url.searchParams.set('options', options.join(' '));
  return url.href.replaceAll('+', '%20');
}

describe.each([
  ['the database', (url: string) => url, changeSettings],
  ['the connection string', withOptions, async () => undefined],
])('a session has the settings of usher if %s differs:', (_, addressOf, prepare) => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let url: string;
  beforeAll(async () => {
    database = await createDatabase();
    await prepare(database.url);
    url = addressOf(database.url);
  });
  afterAll(() => database.drop());

  test('the pool, in hand-written SQL and through Prisma', async () => {
    const { sql, db, close } = openDatabase(url, { settings: { work_mem: '5MB' } });
    const expected = { ...REQUIRED, ...OF_A_POOL, work_mem: '5MB' };
    const names = Object.keys(expected);
    expect(namedBy(await sql.rows(SHOW, [names]))).toEqual(expected);
    expect(
      namedBy(
        await db.$queryRaw`SELECT lower(name) AS name, current_setting(name) AS value
                             FROM pg_settings WHERE lower(name) = ANY(${names}::text[])`,
      ),
    ).toEqual(expected);
    await close();
  });

  test('the transaction of an import', async () => {
    const transaction = await beginSharedTransaction(url);
    const expected = { ...REQUIRED, statement_timeout: '0', lock_timeout: '0' };
    const { rows } = await transaction.client.query(SHOW.text, [Object.keys(expected)]);
    expect(namedBy(rows)).toEqual(expected);
    await transaction.close();
  });
});

describe('a database with other settings', () => {
  let usher: TestUsher;
  let fixture: Fixture;
  beforeAll(async () => {
    usher = await startUsher();
    // Nothing has connected yet.
    await changeSettings(usher.databaseUrl);
    fixture = await usher.addFixture();
  });
  afterAll(() => usher.close());

  const ofNow = (text: string) => Math.abs(Date.parse(text) - Date.now()) < 60_000;

  test('answers REST with the right times', async () => {
    const { organization: token } = fixture.tokens;
    const body = { subscription_id: fixture.ids.subscription, email: 'zoe@globex.example' };
    const assigned = await usher.rest('POST', '/v1/customer-seats', { token, body });
    expect([assigned.status, ofNow(assigned.body.created_at)]).toEqual([200, true]);
    const session = await usher.rest('POST', '/v1/customer-sessions/', {
      token,
      body: { customer_id: fixture.ids.customer },
    });
    expect(session.status).toBe(201);
    const hour = Date.parse(session.body.expires_at) - Date.now();
    expect(hour).toBeGreaterThan(3_500_000);
    expect(hour).toBeLessThanOrEqual(3_600_000);
    const path = '/v1/customer-portal/seats/subscriptions';
    expect((await usher.rest('GET', path, { token: session.body.token })).status).toBe(200);
    const list = `/v1/customer-seats?subscription_id=${fixture.ids.subscription}`;
    const { status, body: listed } = await usher.rest('GET', list, { token });
    expect(status).toBe(200);
    const found = listed.seats.find((seat: { id: string }) => seat.id === assigned.body.id);
    expect(found.created_at).toBe(assigned.body.created_at);
  });

  test('answers GraphQL with the right times', async () => {
    const { organization: token } = fixture.tokens;
    const answer = await usher.graphql<
      { assignSeat: { seat: { id: string; createdAt: string } } },
      object
    >(
      `mutation ($input: AssignSeatInput!) {
         assignSeat(input: $input) { ... on AssignSeatSuccess { seat { id createdAt } } }
       }`,
      {
        input: {
          source: { subscriptionId: fixture.ids.subscription },
          recipient: { email: 'yan@globex.example' },
        },
      },
      token,
    );
    const seat = answer.data?.assignSeat.seat;
    expect(ofNow(seat?.createdAt ?? '')).toBe(true);
    const read = await usher.graphql<{ customerSeat: { createdAt: string } }, object>(
      `{ customerSeat(id: "${seat?.id}") { createdAt } }`,
      {},
      token,
    );
    expect(read.data?.customerSeat.createdAt).toBe(seat?.createdAt);
  });
});
