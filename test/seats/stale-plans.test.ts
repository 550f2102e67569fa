import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { range } from '../support/parallel.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// PostgreSQL keeps a statement's plan until the tables are analyzed again: plans made for tables with a row or none have
// to do for whatever is loaded then.

const SEATS = 2_000;

const ids = {
  organization: randomUUID(),
  product: randomUUID(),
  customer: randomUUID(),
  subscription: randomUUID(),
};
const token = randomUUID();
const members = range(SEATS).map(i => ({ id: randomUUID(), email: `p${i}@globex.example` }));
const seats = members.map(({ id }) => ({
  id: randomUUID(),
  subscriptionId: ids.subscription,
  status: 'claimed',
  memberId: id,
}));

const fileWith = (count: number) => ({
  organizations: [
    {
      id: ids.organization,
      slug: 'acme',
      name: 'Acme',
      accessTokens: [{ token, scopes: ['customer_seats:write'] }],
      products: [{ id: ids.product, name: 'Team Pro' }],
      customers: [{ id: ids.customer, members: members.slice(0, count) }],
      subscriptions: [
        {
          id: ids.subscription,
          productId: ids.product,
          customerId: ids.customer,
          seats: SEATS,
        },
      ],
      seats: seats.slice(0, count),
    },
  ],
});

interface Sent {
  name: string;
  text: string;
  values: unknown[];
}

interface Plan {
  'Actual Rows': number;
  'Actual Loops': number;
  'Relation Name'?: string;
  Plans?: Plan[];
  [key: string]: unknown;
}

let usher: TestUsher;
let client: pg.Client;
beforeEach(async () => {
  usher = await startUsher();
  client = new pg.Client({ connectionString: usher.databaseUrl });
  await client.connect();
  for (const table of ['members', 'customers', 'customer_seats', 'subscriptions']) {
    await client.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
  }
  await usher.load(fileWith(1));
  await client.query('ANALYZE');
  const { rows } = await client.query("SELECT reltuples FROM pg_class WHERE relname = 'members'");
  expect(rows).toEqual([{ reltuples: 1 }]);
  // As a server's connections do, which keep a plan from the sixth execution on.
  await client.query('SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan');
});
afterEach(async () => {
  await client.end();
  await usher.close();
});

/** The statements that read seats with their members. */
const READS = /^(?:seats_(?:of|by_key)|first_pages)_/;
/** The statements that read what the rules for seats ask. */
const LOOKS = /^(?:assignment|seat)_facts_/;

async function statementsOf(names: RegExp, work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const query = pg.Client.prototype.query;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [first] = args as [string | Sent];
    if (typeof first !== 'string' && names.test(first.name)) sent.push(first);
    return (query as (...args: unknown[]) => unknown).apply(this, args) as never;
  });
  await work();
  spy.mockRestore();
  return sent;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (!Array.isArray(value)) return pg.escapeLiteral(String(value));
  return pg.escapeLiteral(`{${value.map(item => item ?? 'NULL')}}`);
}

const execute = (values: readonly unknown[]) => `EXECUTE kept(${values.map(literal)})`;

/** How many rows of a table the plan reads, those included that it does not use. */
function rowsRead(table: string, { Plans = [], ...plan }: Plan): number {
  const removed = Number(plan['Rows Removed by Filter'] ?? 0);
  const read = (plan['Actual Rows'] + removed) * plan['Actual Loops'];
  const own = plan['Relation Name'] === table ? read : 0;
  return Plans.reduce((sum, child) => sum + rowsRead(table, child), own);
}

/** The plan that a connection follows which made it when the tables had a row each. */
async function stalePlanOf({ text, values }: Sent): Promise<Plan> {
  await client.query(`PREPARE kept AS ${text}`);
  await client.query(execute(values));
  await usher.load(fileWith(SEATS));
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${execute(values)}`,
  );
  const [row] = rows;
  if (!row) throw new Error('There is no plan.');
  return row['QUERY PLAN'][0].Plan;
}

const list = () =>
  usher.rest('GET', `/v1/customer-seats?subscription_id=${ids.subscription}`, { token });
const graphql = (query: string, id: string | undefined) =>
  usher.graphql(`query ($id: ID!) { ${query} }`, { id }, token);
const seatById = () => graphql('customerSeat(id: $id) { id member { email } }', seats[0]?.id);
const page = () =>
  graphql(
    'customerSubscription(id: $id) { seats(first: 50) { nodes { id member { email } } } }',
    ids.subscription,
  );

describe('after 2,000 seats were loaded into tables that had one', () => {
  test.each([
    ['the list of a subscription', list, SEATS],
    ['a page of it', page, 51],
    ['a seat by its id', seatById, 1],
  ])('%s reads no members but those of its seats', async (_what, work, expected) => {
    const [statement, ...others] = await statementsOf(READS, work);
    if (statement === undefined) throw new Error('No statement reads seats with their members');
    expect(others).toEqual([]);
    const plan = await stalePlanOf(statement);
    expect(rowsRead('members', plan), JSON.stringify(plan, null, 1)).toBe(expected);
  });

  const emails = members.slice(0, 20).map(({ email }) => email);
  const assignSeats = () =>
    graphql(
      `previewAssignSeats(input: { source: { subscriptionId: $id }, seats: [${emails.map(
        email => `{ recipient: { email: "${email}" } }`,
      )}] }) { __typename }`,
      ids.subscription,
    );
  const revokeSeats = () =>
    graphql(
      `previewRevokeSeats(input: { seatIds: [$id, ${seats.slice(1, 20).map(({ id }) => `"${id}"`)}] }) { __typename }`,
      seats[0]?.id,
    );
  test.each([
    ['the assignment of 20 seats', assignSeats],
    ['the revocation of 20 seats', revokeSeats],
  ])('%s reads no members and seats but those of its people', async (_what, work) => {
    const [statement] = await statementsOf(LOOKS, work);
    if (statement === undefined) throw new Error('No statement looks at the facts');
    const plan = await stalePlanOf(statement);
    for (const table of ['members', 'customer_seats', 'customers']) {
      const rows = rowsRead(table, plan);
      expect(rows, `${table}: ${JSON.stringify(plan, null, 1)}`).toBeLessThanOrEqual(3 * 20);
    }
  });
});
