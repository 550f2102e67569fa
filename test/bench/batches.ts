import { randomUUID } from 'node:crypto';
import { hashToken, newToken } from '../../src/auth/token.ts';
import { inParallel, range } from '../support/parallel.ts';
import { openPostgres } from './database.ts';
import { usageOf } from './processes.ts';
import { startServer } from './servers.ts';

// What 1,000 assignments and revocations cost, one by one over 32 connections and in a batch.

const COUNT = 1_000;
const CONNECTIONS = 32;
const ROUNDS = 5;

const postgres = await openPostgres();
const database = await postgres.addDatabase('batches', {
  small: { pools: 1, seats: 1 },
  large: { pools: 1, seats: 1 },
  hot: { pools: 1, seats: 1 },
  fifty: { pools: 1, seats: 1 },
});
const { client, postmaster } = database;
const ids = { organization: randomUUID(), product: randomUUID(), customer: randomUUID() };
const token = newToken('organization');
await client.query(
  `INSERT INTO organizations (id, slug, name) VALUES ('${ids.organization}', 'batches', 'Acme')`,
);
await client.query(
  `INSERT INTO products (organization_id, id, name) VALUES ('${ids.organization}', '${ids.product}', 'Team')`,
);
await client.query(
  `INSERT INTO customers (organization_id, id, email) VALUES ('${ids.organization}', '${ids.customer}', 'a@b.example')`,
);
await client.query(
  'INSERT INTO access_tokens (id, token_hash, organization_id, scopes) VALUES ($1, $2, $3, $4)',
  [randomUUID(), hashToken(token), ids.organization, ['customer_seats:write']],
);
const server = await startServer('usher', database.url);

const ASSIGN = `mutation ($input: AssignSeatInput!) { assignSeat(input: $input) { __typename ... on AssignSeatSuccess { seat { id email status } } } }`;
const ASSIGN_MANY = `mutation ($input: AssignSeatsInput!) { assignSeats(input: $input) { __typename ... on AssignSeatsSuccess { assignedCount
  results { ... on AssignSeatSuccess { seat { id email status } } } } } }`;
const REVOKE_MANY = `mutation ($input: RevokeSeatsInput!) { revokeSeats(input: $input) { __typename ... on RevokeSeatsSuccess { revokedCount } } }`;

// biome-ignore lint/suspicious/noExplicitAny: the documents above say what comes.
async function graphql(query: string, input: object): Promise<any> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = (await response.json()) as { data: object; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0];
}

async function addPool(): Promise<string> {
  const id = randomUUID();
  await client.query(
    `INSERT INTO subscriptions (organization_id, id, product_id, customer_id, seats) VALUES ($1, $2, $3, $4, $5)`,
    [ids.organization, id, ids.product, ids.customer, COUNT],
  );
  return id;
}

const people = (name: string) =>
  range(COUNT).map(i => ({ recipient: { email: `${name}-${i}@globex.example` } }));

/** The CPU time of the server and of PostgreSQL, and the wall time, in milliseconds. */
async function costOf(work: () => Promise<unknown>) {
  const cpu = async () => {
    const usages = await Promise.all([usageOf(server.pid), usageOf(postmaster)]);
    return usages.reduce((sum, usage) => sum + (usage?.cpuMicroseconds ?? 0), 0) / 1_000;
  };
  const [before, started] = [await cpu(), performance.now()];
  await work();
  const ms = performance.now() - started;
  return { cpuMs: Math.round((await cpu()) - before), ms: Math.round(ms) };
}

for (const round of range(ROUNDS)) {
  const source = { subscriptionId: await addPool() };
  const singles = await costOf(() =>
    inParallel(people(`single-${round}`), CONNECTIONS, async person => {
      const { __typename } = await graphql(ASSIGN, { source, ...person });
      if (__typename !== 'AssignSeatSuccess') throw new Error(__typename);
    }),
  );
  const pool = { subscriptionId: await addPool() };
  let seatIds: string[] = [];
  const batch = await costOf(async () => {
    const { assignedCount, results } = await graphql(ASSIGN_MANY, {
      source: pool,
      seats: people(`batch-${round}`),
    });
    if (assignedCount !== COUNT) throw new Error(`${assignedCount} assigned`);
    seatIds = results.map(({ seat }: { seat: { id: string } }) => seat.id);
  });
  const revoked = await costOf(() => graphql(REVOKE_MANY, { seatIds }));
  const ratio = (singles.cpuMs / batch.cpuMs).toFixed(1);
  process.stdout.write(
    `1,000 singles ${JSON.stringify(singles)}, batch ${JSON.stringify(batch)} (1/${ratio}), revoked ${JSON.stringify(revoked)}\n`,
  );
}

await server.close();
await postgres.close();
