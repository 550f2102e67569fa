import { isEnumType, isInputObjectType, print } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { CHANGES } from '../graphql-clients/changes.ts';
import { type Scene, setScene } from '../graphql-clients/scene.ts';
import { ask } from '../support/ask.ts';
import { endpoints, namesIn } from '../support/endpoints.ts';
import * as operations from '../support/operations/graphql.ts';
import { statementsOf } from '../support/statements.ts';
import { unscopedTables } from '../support/unscoped-tables.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// Every key begins with organization_id, so that an organization's rows can be on one node. A statement of a request that
// does not name the organization would ask every node, or read the rows of others.

/** The statements that cannot know the organization, and why. docs/scale.md lists them as obstacles of distribution. */
const EXCEPTIONS: Record<string, RegExp> = {
  'an invitation link carries no organization': /\binvitation_token_hash"? = \$/,
  'a token is looked up by its hash': /\btoken_hash = \$/,
  'an id of another organization is refused in `syncBilling`':
    /known\.organization_id <> f\.organization_id/,
};

let usher: TestUsher;
let scene: Scene;
let tables: Set<string>;
beforeAll(async () => {
  usher = await startUsher({ resendLimits: { intervalMs: 0, perHour: 0 } });
  scene = await setScene(usher);
  const rows = await usher.db.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.columns
    WHERE column_name = 'organization_id' AND table_schema = 'public'`;
  tables = new Set(rows.map(({ name }) => name));
});
afterAll(() => usher.close());

async function expectScoped(work: () => Promise<unknown>): Promise<void> {
  const sent = new Set(await statementsOf(work));
  expect(sent.size).toBeGreaterThan(0);
  for (const statement of sent) {
    if (Object.values(EXCEPTIONS).some(pattern => pattern.test(statement))) continue;
    expect(await unscopedTables(statement, tables), statement).toEqual([]);
  }
}

const tokens = () => {
  const { organization, personal, manager } = scene.fixture.tokens;
  return [organization, personal, manager];
};

test('each query names the organization in each statement', async () => {
  const { ids } = scene.fixture;
  const source = { subscriptionId: ids.subscription };
  const variables: Record<string, object> = {
    Customer: { by: { id: ids.customer } },
    CustomerSeat: { id: scene.claimedSeat },
    MemberSeats: { id: ids.member },
    OrderSeats: { id: ids.order },
    PersonalData: { input: { person: { memberId: ids.member } } },
    PreviewAssignSeats: { input: { source, seats: [{ recipient: { memberId: ids.manager } }] } },
    PreviewRevokeSeats: { input: { seatIds: [scene.claimedSeat] } },
    SeatClaimInfo: { invitationToken: scene.invitationToken },
    SeatHistory: { id: scene.claimedSeat },
    SeatPool: { source },
    SubscriptionSeats: { id: ids.subscription },
    WebhookDeliveries: { id: scene.endpoint },
    WebhookDelivery: { id: scene.failedDelivery },
  };
  const queries = Object.values(operations).flatMap(document => {
    const [definition] =
      typeof document === 'object' && 'definitions' in document ? document.definitions : [];
    const isQuery = definition?.kind === 'OperationDefinition' && definition.operation === 'query';
    return isQuery ? [{ name: definition.name?.value ?? '', text: print(document as never) }] : [];
  });
  expect(queries.length).toBeGreaterThan(Object.keys(variables).length);
  await expectScoped(async () => {
    for (const { name, text } of queries) {
      for (const token of tokens()) {
        const { status } = await usher.graphql(text, variables[name], token);
        expect(status, name).toBe(200);
      }
    }
  });
});

const NOW = new Date().toISOString();
const FILTERS: Record<string, unknown> = {
  ids: [crypto.randomUUID()],
  status: ['PENDING'],
  invitationState: ['OPEN'],
  search: 'globex',
  email: 'sam@globex.example',
  memberIds: [crypto.randomUUID()],
  poolIds: [crypto.randomUUID()],
  productIds: [crypto.randomUUID()],
  metadata: [{ key: 'team', value: 'red' }],
  assignedAt: { since: NOW },
  claimedAt: { before: NOW },
  invitationExpiresAt: { since: NOW },
};

test('each filter and order of seats, in each list, names the organization', async () => {
  const { CustomerSeatFilter: filter, CustomerSeatOrderField: order } = schema.getTypeMap();
  if (!isInputObjectType(filter) || !isEnumType(order)) throw new Error('No filter or no order');
  expect(Object.keys(FILTERS).toSorted()).toEqual(Object.keys(filter.getFields()).toSorted());
  const page = '{ totalCount nodes { id member { id } pool { id } } pageInfo { hasNextPage } }';
  const list = (scope: string) =>
    `${scope}(filter: $filter, orderBy: $orderBy, first: $first, last: $last) ${page}`;
  const text = `query ($filter: CustomerSeatFilter, $orderBy: CustomerSeatOrder, $first: Int, $last: Int, $customer: ID!, $pool: ID!) {
    ${list('customerSeats')}
    customer(by: { id: $customer }) { ${list('seats')} }
    seatPool(source: { subscriptionId: $pool }) { ${list('seats')} }
  }`;
  const { customer, subscription: pool } = scene.fixture.ids;
  await expectScoped(async () => {
    for (const [name, value] of [...Object.entries(FILTERS), ['search', 'nobody']] as const) {
      for (const { name: field } of order.getValues()) {
        for (const end of [{ first: 2 }, { last: 2 }]) {
          const orderBy = { field, direction: 'DESC' };
          const variables = { filter: { [name]: value }, orderBy, customer, pool, ...end };
          await ask(usher, text, scene.fixture.tokens.organization, variables);
        }
      }
    }
  });
});

test('each REST endpoint names the organization in each statement', async () => {
  const { tokens: known, ids } = scene.fixture;
  await expectScoped(async () => {
    for (const { side, method, path, body } of endpoints(
      namesIn(scene.fixture, scene.pendingSeat, scene.invitationToken),
    )) {
      if (path.endsWith('/stream')) continue;
      const token = side === 'portal' ? known.manager : known.organization;
      const { status } = await usher.rest(method, path, { token, body });
      expect(status, path).toBeLessThan(500);
    }
    const token = known.organization;
    const headers = { accept: 'text/csv' };
    const path = `/v1/customer-seats?subscription_id=${ids.subscription}`;
    expect((await usher.rest('GET', path, { token, headers })).status).toBe(200);
  });
});

test('each change names the organization in each statement', async () => {
  const fresh = await setScene(usher);
  await expectScoped(async () => {
    for (const { name, screen, mutation, input, shown } of CHANGES) {
      for (const token of [fresh.fixture.tokens.organization, fresh.fixture.tokens.personal]) {
        await usher.graphql(print(screen), shown(fresh), token);
        const { errors } = await usher.graphql(print(mutation), { input: input(fresh) }, token);
        expect(errors, name).toBeUndefined();
      }
    }
  });
});

const TABLES = new Set(['seats', 'members']);

test.each([
  'SELECT FROM seats WHERE organization_id = $1',
  'SELECT FROM seats s WHERE (s.organization_id, s.id) IN (SELECT $1, $2)',
  'SELECT FROM seats s JOIN members m ON m.organization_id = s.organization_id WHERE s.organization_id = ANY($1)',
  'SELECT FROM unnest($1::uuid[]) AS wanted (organization_id) JOIN seats s ON s.organization_id = wanted.organization_id',
  'SELECT FROM seats s WHERE s.organization_id = $1 AND EXISTS (SELECT FROM members m WHERE m.organization_id = s.organization_id)',
  'SELECT FROM seats WHERE (organization_id = $1 AND id = $2) OR (organization_id = $3 AND id = $4)',
  'INSERT INTO seats (organization_id, id) VALUES ($1, $2)',
  'UPDATE seats s SET name = m.name FROM members m WHERE m.organization_id = $1 AND s.organization_id = m.organization_id',
  'DELETE FROM seats WHERE organization_id = $1',
  'SELECT FROM others WHERE id = $1',
])('%s names the organization', async sql => {
  expect(await unscopedTables(sql, TABLES)).toEqual([]);
});

test.each([
  ['SELECT FROM seats WHERE id = $1', 'seats'],
  ['SELECT organization_id FROM seats WHERE organization_id > $1', 'seats'],
  ['SELECT FROM seats WHERE organization_id = $1 OR id = $2', 'seats'],
  [
    'SELECT FROM seats s JOIN members m ON m.id = s.member_id WHERE s.organization_id = $1',
    'members',
  ],
  ['SELECT 1 UNION ALL SELECT 2 FROM seats', 'seats'],
  ['SELECT (SELECT count(*) FROM seats)', 'seats'],
  ['WITH gone AS (DELETE FROM seats WHERE id = $1 RETURNING id) SELECT FROM gone', 'seats'],
  ['INSERT INTO seats (id) VALUES ($1)', 'seats'],
  ['UPDATE seats SET name = $1 WHERE id = $2', 'seats'],
])('%s does not', async (sql, table) => {
  expect(await unscopedTables(sql, TABLES)).toEqual([{ table, alias: expect.any(String) }]);
});

test('tables that are joined only with each other are not scoped', async () => {
  const sql = 'SELECT FROM seats s JOIN members m ON m.organization_id = s.organization_id';
  expect(await unscopedTables(sql, TABLES)).toHaveLength(2);
});
