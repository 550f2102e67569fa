import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';

// The planner believes what it was told while the tables were small: no list may depend on its being told better.

const SEATS = 5_000;

let usher: TestUsher;
let world: World;
let client: pg.Client;
beforeAll(async () => {
  usher = await startUsher();
  world = await usher.addWorld({ seats: SEATS });
  client = new pg.Client(usher.databaseUrl);
  await client.connect();
  for (const table of ['members', 'customer_seats', 'subscriptions']) {
    await client.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
  }
  await client.query('ANALYZE');
  const { organization, customer, subscription } = world.ids;
  await client.query(
    `INSERT INTO members (organization_id, id, customer_id, email)
     SELECT $1, gen_random_uuid(), $2, 'person-' || n || '@globex.example' FROM generate_series(1, $3::int) n`,
    [organization, customer, SEATS],
  );
  await client.query(
    `INSERT INTO customer_seats (organization_id, id, subscription_id, customer_id, member_id, email, status)
     SELECT organization_id, gen_random_uuid(), $2, customer_id, id, email, 'claimed' FROM members
      WHERE organization_id = $1 AND email LIKE 'person-%'`,
    [organization, subscription],
  );
}, 120_000);
afterAll(async () => {
  await client.end();
  await usher.close();
});

/** How many rows PostgreSQL looked at and threw away for the statements of one request. */
async function rowsThrownAway(work: () => Promise<unknown>): Promise<number> {
  const sent: { text: string; values: unknown[] }[] = [];
  const query = pg.Client.prototype.query;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [first, values] = args as [{ text: string; values?: unknown[] }, unknown[]?];
    if (
      typeof first === 'object' &&
      /FROM (?:"public"."|\()?customer_seats|LATERAL/.test(first.text)
    ) {
      sent.push({ text: first.text, values: first.values ?? values ?? [] });
    }
    return (query as (...args: unknown[]) => unknown).apply(this, args) as never;
  });
  await work();
  spy.mockRestore();
  expect(sent.length).toBeGreaterThan(0);
  await client.query('SET enable_seqscan = off');
  let removed = 0;
  for (const { text, values } of sent) {
    const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
    const visit = (node: Record<string, unknown>): void => {
      removed += Number(node['Rows Removed by Filter'] ?? 0) * Number(node['Actual Loops'] ?? 1);
      removed +=
        Number(node['Rows Removed by Join Filter'] ?? 0) * Number(node['Actual Loops'] ?? 1);
      for (const child of (node.Plans ?? []) as Record<string, unknown>[]) visit(child);
    };
    visit(rows[0]['QUERY PLAN'][0].Plan);
  }
  return removed;
}

test('a list of all seats looks at each of them once', async () => {
  const path = `/v1/customer-seats?subscription_id=${world.ids.subscription}`;
  const token = world.tokens.organization;
  const removed = await rowsThrownAway(async () => {
    const { body } = await usher.rest('GET', path, { token });
    expect(body.seats).toHaveLength(SEATS);
  });
  expect(removed).toBeLessThan(SEATS);
}, 60_000);

test('a page of seats, and their counts, do too', async () => {
  const removed = await rowsThrownAway(async () => {
    const { errors } = await usher.graphql(
      `query ($id: UUID!) { customerSubscription(id: $id) { pendingSeats claimedSeats seats(first: 100) { totalCount nodes { id email member { id email name } } } } }`,
      { id: world.ids.subscription },
      world.tokens.organization,
    );
    expect(errors).toBeUndefined();
  });
  expect(removed).toBeLessThan(2 * SEATS);
}, 60_000);
