import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AssignSeatDocument } from './support/operations/graphql.ts';
import { startUsher, type TestUsher } from './support/usher.ts';

let usher: TestUsher;
let client: pg.Client;
beforeAll(async () => {
  usher = await startUsher();
  client = new pg.Client({ connectionString: usher.databaseUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await usher.close();
});

test('a locked pool is reported as busy by both APIs, and another pool is not', async () => {
  const held = await usher.addFixture();
  const free = await usher.addFixture();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM subscriptions WHERE id = $1 FOR UPDATE', [
    held.ids.subscription,
  ]);
  const body = { subscription_id: held.ids.subscription, email: 'sam@globex.example' };
  const rest = fetch(`${usher.url}/v1/customer-seats`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${held.tokens.organization}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  const source = { subscriptionId: held.ids.subscription };
  const graphql = usher.graphql(
    AssignSeatDocument,
    { input: { source, recipient: { email: 'raj@globex.example' } } },
    held.tokens.organization,
  );
  const other = await usher.rest('POST', '/v1/customer-seats', {
    token: free.tokens.organization,
    body: { subscription_id: free.ids.subscription, email: 'sam@globex.example' },
  });
  expect(other.status).toBe(200);
  const refused = await rest;
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ error: 'ServiceUnavailable' });
  const { status, errors } = await graphql;
  expect([status, errors?.[0]?.extensions?.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
  await client.query('ROLLBACK');

  const again = await usher.rest('POST', '/v1/customer-seats', {
    token: held.tokens.organization,
    body,
  });
  expect(again.status).toBe(200);
});

test('what only reads does not say that anything was changed', async () => {
  const fixture = await usher.addFixture();
  const { subscription: id } = fixture.ids;
  const token = fixture.tokens.organization;
  const read = '{ customerSubscription(id: "ID") { seats { nodes { id } } } }'.replace('ID', id);
  await client.query('BEGIN');
  await client.query('LOCK TABLE customer_seats IN ACCESS EXCLUSIVE MODE');
  const [list, page, query, fragment] = await Promise.all([
    // Not by `usher.rest`: no operation describes that the database is too busy.
    fetch(`${usher.url}/v1/customer-seats?subscription_id=${id}`, {
      headers: { authorization: `Bearer ${token}` },
    }),
    fetch(`${usher.url}/claim?token=x`),
    usher.graphql(read, undefined, token),
    usher.graphql(
      `query A ${read.replace('nodes { id }', 'nodes { ...B }')} fragment B on CustomerSeat { id }`,
      undefined,
      token,
    ),
  ]);
  await client.query('ROLLBACK');
  const texts = [
    await list.text(),
    await page.text(),
    query.errors?.[0]?.message,
    fragment.errors?.[0]?.message,
  ];
  expect([list.status, page.status, query.status, fragment.status]).toEqual([503, 503, 503, 503]);
  for (const text of texts) {
    expect(text).toContain('Try again in a moment.');
    expect(text).not.toContain('change');
  }
});

test('a connection that breaks while it commits does not claim that nothing was changed', async () => {
  const fixture = await usher.addFixture();
  await client.query(`
    CREATE FUNCTION break_connection() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER break_connection AFTER INSERT ON outbox_events
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION break_connection()`);
  const answer = await fetch(`${usher.url}/v1/customer-seats`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${fixture.tokens.organization}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      subscription_id: fixture.ids.subscription,
      email: 'sam@globex.example',
    }),
  });
  await client.query('DROP FUNCTION break_connection CASCADE');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await answer.json()).toEqual({
    error: 'ServiceUnavailable',
    detail: expect.stringMatching(/Look whether the change was made/),
  });
});
