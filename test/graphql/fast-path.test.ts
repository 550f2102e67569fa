import { randomUUID } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { randomOf } from '../support/seeded.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// The fast path takes no query string. An empty one would not do: clients drop it.
const FAST = '/graphql';
const DEFAULT = '/graphql?path=default';

let usher: TestUsher;
let fixture: Fixture;
let seat: string;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture({ seats: 10 });
  const { body } = await usher.rest('POST', '/v1/customer-seats', {
    token: fixture.tokens.organization,
    body: { subscription_id: fixture.ids.subscription, email: 'sam@globex.example' },
  });
  seat = body.id;
});
afterAll(() => usher.close());

interface Sent {
  body: string;
  headers?: Record<string, string>;
  token?: string | undefined;
}

async function send(path: string, { body, headers, token = fixture.tokens.organization }: Sent) {
  const response = await fetch(usher.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body,
  });
  const shown = Object.fromEntries(response.headers);
  delete shown.date;
  delete shown['x-request-id'];
  return { status: response.status, headers: shown, text: await response.text() };
}

/** The default path's answer, which the fast path has to give three times: with a plan and without one. */
async function sameAnswer(sent: Sent) {
  const expected = await send(DEFAULT, sent);
  for (let i = 0; i < 3; i++) expect(await send(FAST, sent)).toEqual(expected);
  return expected;
}

const post = (query: unknown, more: object = {}) => JSON.stringify({ query, ...more });

const SEAT = `query Seat($id: ID!, $with: Boolean = true) {
  customerSeat(id: $id) { ...Short member @include(if: $with) { id email name } again: id }
}
fragment Short on CustomerSeat { __typename id status email ... on CustomerSeat @skip(if: $with) { createdAt } }`;

const POOL = `query Pool($id: ID!, $first: Int, $after: String) {
  customerSubscription(id: $id) {
    totalSeats availableSeats pendingSeats claimedSeats product { name } customer { email }
    seats(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { id member { email seats { totalCount } } subscription { id } }
    }
  }
}`;

describe('the fast path answers as the default path does', () => {
  test.each([
    ['one seat', () => post(SEAT, { variables: { id: seat } })],
    [
      'with a directive that leaves out',
      () => post(SEAT, { variables: { id: seat, with: false } }),
    ],
    ['a pool', () => post(POOL, { variables: { id: fixture.ids.subscription } })],
    ['one that is not there', () => post(SEAT, { variables: { id: randomUUID() } })],
    [
      'operation by name',
      () => post(`${SEAT} query B { viewer { kind } }`, { operationName: 'B' }),
    ],
    ['a literal', () => post(`{ customerSeat(id: "${seat}") { metadata createdAt modifiedAt } }`)],
    [
      'a name that means something',
      () => post('{ __proto__: viewer { kind } constructor: __typename toString: __typename }'),
    ],
    ['only __typename', () => post('{ __typename }')],
    ['introspection', () => post(getIntrospectionQuery())],
    ['an anonymous field', () => post('query { viewer { kind scopes organizations { slug } } }')],
    ['null variables', () => post('{ viewer { kind } }', { variables: null, operationName: null })],
  ])('%s', async (_name, body) => {
    const { status, text } = await sameAnswer({ body: body() });
    expect(status).toBe(200);
    expect(JSON.parse(text).errors).toBeUndefined();
  });

  test.each([
    ['a variable that does not fit', () => post(SEAT, { variables: { id: 'x' } })],
    ['no variables', () => post(SEAT)],
    [
      'a cursor of nobody',
      () => post(POOL, { variables: { id: fixture.ids.subscription, after: '?' } }),
    ],
    [
      'a page too large',
      () => post(POOL, { variables: { id: fixture.ids.subscription, first: 101 } }),
    ],
    ['a field that is not there', () => post('{ nothing }')],
    ['a syntax error', () => post('{ viewer {')],
    ['too many tokens', () => post(`{ ${'viewer { kind } '.repeat(2_000)} }`)],
    [
      'too complex',
      () =>
        post(`{ ${Array.from({ length: 201 }, (_, i) => `a${i}: viewer { kind }`).join(' ')} }`),
    ],
    ['an operation that is not there', () => post(SEAT, { operationName: 'Other' })],
    ['two operations and no name', () => post('query A { __typename } query B { __typename }')],
    ['a subscription', () => post('subscription { seats }')],
    ['no query', () => '{}'],
    ['a query that is no text', () => post(5)],
    ['variables that are no object', () => post('{ viewer { kind } }', { variables: [1] })],
    ['an unknown parameter', () => post('{ viewer { kind } }', { batch: true })],
    ['several', () => `[${post('{ viewer { kind } }')}]`],
    ['no JSON', () => '{"query'],
    ['nothing', () => ''],
    ['null', () => 'null'],
    [
      'two recipients',
      () =>
        post(ASSIGN, {
          variables: {
            input: {
              source: { subscriptionId: fixture.ids.subscription },
              recipient: { email: 'a@b.example', memberId: fixture.ids.member },
            },
          },
        }),
    ],
  ])('what it does not take: %s', async (_name, body) => {
    await sameAnswer({ body: body() });
  });

  test.each([
    ['no token', ''],
    ['a token of nobody', 'usher_oat_nobody'],
  ])('%s', async (_name, token) => {
    await sameAnswer({ body: post(SEAT, { variables: { id: seat } }), token });
    await sameAnswer({ body: post('{ viewer { kind } }'), token });
  });

  test.each<Record<string, string>>([
    { accept: '*/*' },
    { accept: 'application/json' },
    { accept: 'application/json, */*' },
    { accept: 'application/graphql-response+json' },
    { accept: 'application/graphql-response+json, application/json' },
    // Apollo Client
    { accept: 'application/graphql-response+json,application/json;q=0.9' },
    // urql
    {
      accept:
        'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    },
    { accept: 'multipart/mixed;deferSpec=20220824, application/json' },
    { accept: 'text/html' },
    { accept: 'text/event-stream' },
    { accept: 'multipart/mixed' },
    { accept: '' },
    { 'accept-encoding': 'gzip, deflate, br, zstd' },
    { 'content-type': 'application/json; charset=utf-8' },
    { 'content-type': 'application/json;charset="UTF-8"' },
    { 'content-type': 'Application/JSON' },
    { 'content-type': 'application/json-seq' },
    { 'content-type': 'application/graphql+json' },
    { 'content-type': 'text/plain' },
  ])('with %o', async headers => {
    const extensions = { clientLibrary: { name: '@apollo/client', version: '4.0.0' } };
    await sameAnswer({ body: post(SEAT, { variables: { id: seat }, extensions }), headers });
    await sameAnswer({ body: post('{ viewer {'), headers });
    await sameAnswer({ body: post(SEAT, { variables: { id: 'x' } }), headers });
  });

  test('with any Accept header, drawn from the parts of headers', async () => {
    const random = randomOf(20_261_126);
    const ranges: [string, ...string[]] = [
      'application/json',
      'application/graphql-response+json',
      'application/*',
      '*/*',
      '*/json',
      'text/event-stream',
      'multipart/mixed',
      'text/html',
      'APPLICATION/JSON',
      'application',
      '',
    ];
    const params: [string, ...string[]] = [
      '',
      ';q=0',
      ';q=0.9',
      '; charset=utf-8',
      ';charset=iso-8859-1',
      ';q=x',
    ];
    const body = post('{ viewer { kind } }');
    for (let i = 0; i < 150; i++) {
      const parts = Array.from(
        { length: 1 + random.below(4) },
        () => random.pick(ranges) + random.pick(params),
      );
      const headers = { accept: parts.join(random.pick([',', ', ', ' ,\t'])) };
      const expected = await send(DEFAULT, { body, headers });
      expect(await send(FAST, { body, headers }), headers.accept).toEqual(expected);
    }
  });

  test.each([
    null,
    {},
    { a: { b: 1 } },
    { persistedQuery: { version: 1, sha256Hash: 'x' } },
    [1],
    'x',
    1,
  ])('with extensions %j', async extensions => {
    await sameAnswer({ body: post(SEAT, { variables: { id: seat }, extensions }) });
  });

  test('one that is not allowed, and one that fails', async () => {
    const input = {
      source: { subscriptionId: fixture.ids.subscription },
      recipient: { email: 'sam@globex.example' },
    };
    const again = await sameAnswer({ body: post(ASSIGN, { variables: { input } }) });
    expect(JSON.parse(again.text).data.assignSeat.code).toBe('SEAT_ALREADY_ASSIGNED');
    const reader = await sameAnswer({
      body: post(ASSIGN, { variables: { input } }),
      token: fixture.tokens.reader,
    });
    expect(JSON.parse(reader.text).data.assignSeat.code).toBe('NOT_PERMITTED');
  });
});

const ASSIGN = `mutation Assign($input: AssignSeatInput!) {
  assignSeat(input: $input) { ... on AssignSeatSuccess { seat { id } } ... on UserError { code message } }
}`;

test('an error says where in the document it arose, planned or not', async () => {
  const body = post(
    `query Two($id: ID!) {
    viewer { kind }\r
    customerSubscription(id: $id) {
      seats(first: 500) { totalCount }
    }
  }`,
    { variables: { id: fixture.ids.subscription } },
  );
  const { text } = await sameAnswer({ body });
  expect(JSON.parse(text).errors).toMatchObject([
    { path: ['customerSubscription', 'seats'], locations: [{ line: 4, column: 7 }] },
  ]);
});
