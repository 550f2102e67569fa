import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFile } from '../../src/import/import-file.ts';
import { createDatabase } from '../support/database.ts';
import { createFixture } from '../support/fixture.ts';
import { range } from '../support/parallel.ts';

const SEATS = 12_000;

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test('PostgreSQL learns of the rows of a large file while it is imported', async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await importFile(database.url, { organizations: [organizationOf(1)] });
  await client.query('ANALYZE');
  await importFile(database.url, { organizations: [organizationOf(SEATS)] });
  const { rows } = await client.query<{ name: string; known: number }>(
    `SELECT relname AS name, reltuples::integer AS known FROM pg_class
      WHERE relname IN ('customer_seats', 'members') ORDER BY relname`,
  );
  await client.end();
  // After two of three batches.
  expect(rows).toEqual([
    { name: 'customer_seats', known: 10_001 },
    { name: 'members', known: 10_001 },
  ]);
}, 60_000);

function organizationOf(seats: number) {
  const { document, ids, slug } = createFixture({ seats });
  const [organization] = document.organizations;
  const members = range(seats).map(i => ({ id: randomUUID(), email: `p-${i}@globex.example` }));
  return {
    id: ids.organization,
    slug,
    name: 'Acme',
    products: organization?.products,
    customers: [{ id: ids.customer, members }],
    subscriptions: organization?.subscriptions,
    seats: members.map(({ id }) => ({
      id: randomUUID(),
      subscriptionId: ids.subscription,
      memberId: id,
      status: 'claimed',
    })),
  };
}
