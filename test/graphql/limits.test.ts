import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture({ seats: 20 });
});
afterAll(() => usher.close());

const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

/** A fragment that selects the next one twice. */
const doubling = (level: number) =>
  `fragment F${level} on CustomerSubscription {
    a: seats { nodes { subscription { ...F${level + 1} } } } b: seats { nodes { subscription { ...F${level + 1} } } } }`;

const TOO_LARGE: [string, string][] = [
  [
    'fragments that double at each level',
    `{ customerSubscription(id: "x") { ...F0 } } ${times(11, doubling)} fragment F11 on CustomerSubscription { id }`,
  ],
  [
    'fragments that only spread each other',
    `{ viewer { ...F0 } } ${times(20, i => `fragment F${i} on Viewer { ...F${i + 1} ...F${i + 1} }`)} fragment F20 on Viewer { kind }`,
  ],
  ['inline fragments without end', `{ viewer { ${times(300, () => '... on Viewer { kind }')} } }`],
  ['aliases of one field', `{ ${times(300, i => `a${i}: customerSeat(id: "x") { id }`)} }`],
  ['more aliases than fields of value', `{ ${times(101, i => `a${i}: __typename`)} }`],
  ['one field again and again', `{ ${times(120, () => 'viewer { kind }')} }`],
  [
    'fields within each other',
    `{ member(id: "x") { ${'customer { members { '.repeat(20)} id ${'} } '.repeat(20)} } }`,
  ],
  [
    'fields of the schema',
    `{ __schema { types { ${times(40, i => `a${i}: fields { type { ofType { ...F } } }`)} } } }
     fragment F on __Type { ${times(40, i => `b${i}: fields { description }`)} }`,
  ],
  [
    'the schema by another route',
    `{ ...Q } fragment Q on Query { a: __type(name: "Query") { ...F } b: __schema { types { ...F } } }
     fragment F on __Type { ${times(40, i => `b${i}: fields(includeDeprecated: true) { args { type { name } } type { kind } }`)} }`,
  ],
  [
    'types within types',
    `{ __schema { types { ${'possibleTypes { interfaces { '.repeat(4)} name ${'} } '.repeat(4)} } } }`,
  ],
  [
    'pages of pages',
    `{ customerSubscription(id: "x") { seats(first: 100) { nodes { member { seats(first: 100) { nodes { id status email customerEmail createdAt } } } } } } }`,
  ],
];

describe('what asks for too much is refused with one error, before anything of it is executed', () => {
  test.each(TOO_LARGE)('%s', async (_name, query) => {
    for (const token of [undefined, fixture.tokens.organization, fixture.tokens.organization]) {
      const { text, status } = await send(query, undefined, token);
      expect(status).toBe(400);
      expect(text.length).toBeLessThan(1_000);
      const { data, errors } = JSON.parse(text);
      expect(data).toBeUndefined();
      expect(errors).toHaveLength(1);
      expect(errors[0].extensions.code).toMatch(/QUERY_TOO_COMPLEX|GRAPHQL_VALIDATION_FAILED/);
    }
  });

  test('a mutation whose answer would be too large changes nothing', async () => {
    const answer = await usher.graphql(
      `mutation ($input: AssignSeatInput!) { assignSeat(input: $input) { ... on AssignSeatSuccess {
        seat { subscription { seats(first: 100) { nodes { member { seats(first: 100) { nodes { id status email member { id } } } } } } } } } } }`,
      {
        input: {
          source: { subscriptionId: fixture.ids.subscription },
          recipient: { email: 'nobody@globex.example' },
        },
      },
      fixture.tokens.organization,
    );
    expect(answer.errors?.[0]?.extensions?.code).toBe('QUERY_TOO_COMPLEX');
    expect(await usher.db.customerSeat.count({ where: { email: 'nobody@globex.example' } })).toBe(
      0,
    );
  });

  test('the size of a page counts as its variable says', async () => {
    const query = `query ($id: ID!, $first: Int, $more: Int = 100) { customerSubscription(id: $id) {
      seats(first: $first) { nodes { id member { seats(first: $more) { nodes { id status email createdAt claimedAt revokedAt } } } } } } }`;
    const ask = (variables: object) => send(query, { id: fixture.ids.subscription, ...variables });
    for (let time = 0; time < 3; time++) {
      expect((await ask({ first: 100 })).text).toContain('QUERY_TOO_COMPLEX');
      expect(JSON.parse((await ask({ first: 100, more: 10 })).text).errors).toBeUndefined();
      expect(JSON.parse((await ask({ first: 5 })).text).errors).toBeUndefined();
      expect((await ask({})).text.includes('QUERY_TOO_COMPLEX')).toBe(false);
    }
  });

  test('what refers to itself ends', async () => {
    const cycle = `{ viewer { ...F0 } } ${times(20, i => `fragment F${i} on Viewer { ...F${(i + 1) % 20} ...F${(i + 1) % 20} kind }`)}`;
    const { text } = await send(cycle);
    expect(JSON.parse(text).errors).toHaveLength(1);
  });
});

describe('what people and tools ask for is answered', () => {
  const options = {
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };
  test.each([
    ['the introspection of graphql-js', getIntrospectionQuery()],
    ['the same with all its options', getIntrospectionQuery(options)],
    ['an older one', getIntrospectionQuery({ descriptions: false })],
  ])('%s', async (_name, query) => {
    const { text } = await send(query, undefined, undefined);
    expect(JSON.parse(text).data.__schema.types.length).toBeGreaterThan(100);
  });

  test('endpoints with all of their deliveries, in pages of the usual size', async () => {
    const { text } = await send(`{ webhookEndpoints { totalCount nodes {
      id url events createdAt modifiedAt disabledAt consecutiveFailures previousSecretExpiresAt organization { id slug name }
      deliveries { totalCount nodes { id createdAt status attempts nextAttemptAt lastAttemptAt durationMs responseStatus
        responseBody error finishedAt event { id type createdAt payload } } } } } }`);
    expect(JSON.parse(text).errors).toBeUndefined();
  });

  test('a page of a hundred seats with members and pools', async () => {
    const { text } = await send(
      `query ($id: ID!) { customerSubscription(id: $id) { seats(first: 100) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node {
        id status email customerEmail createdAt modifiedAt claimedAt revokedAt metadata
        member { id email name externalId role createdAt customer { id email name } } subscription { id status totalSeats availableSeats } } } } } }`,
      { id: fixture.ids.subscription },
    );
    expect(JSON.parse(text).errors).toBeUndefined();
  });
});

async function send(
  query: string,
  variables?: object,
  token: string | undefined = fixture.tokens.organization,
) {
  const response = await fetch(`${usher.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, text: await response.text() };
}
