import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// Whatever is wrong with a request, its error has a code for programs.

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

const BY_ID = 'query ($id: ID!) { customerSeat(id: $id) { id } }';
const MUTATION = 'mutation { assignSeat(input: {}) { __typename } }';
const url = (params: Record<string, string>) => `/graphql?${new URLSearchParams(params)}`;

const REQUESTS: [name: string, code: string, path: string, init: RequestInit | unknown][] = [
  ['a syntax error', 'GRAPHQL_PARSE_FAILED', '/graphql', { query: '{' }],
  ['an unknown field', 'GRAPHQL_VALIDATION_FAILED', '/graphql', { query: '{ nope }' }],
  ['a subscription', 'BAD_REQUEST', '/graphql', { query: 'subscription { seatEvents { id } }' }],
  [
    'a malformed literal',
    'GRAPHQL_VALIDATION_FAILED',
    '/graphql',
    { query: '{ customerSeat(id: 1.5) { id } }' },
  ],
  ['a malformed variable', 'BAD_USER_INPUT', '/graphql', { query: BY_ID, variables: { id: 1.5 } }],
  ['a missing variable', 'BAD_USER_INPUT', '/graphql', { query: BY_ID }],
  ['variables that are no object', 'BAD_REQUEST', '/graphql', { query: BY_ID, variables: 5 }],
  ['no query', 'BAD_REQUEST', '/graphql', {}],
  ['a list', 'BAD_REQUEST', '/graphql', []],
  [
    'an unknown operation',
    'OPERATION_RESOLUTION_FAILURE',
    '/graphql',
    { query: 'query A { __typename }', operationName: 'B' },
  ],
  [
    'too many levels',
    'QUERY_TOO_COMPLEX',
    '/graphql',
    { query: '{ a '.repeat(100) + '}'.repeat(100) },
  ],
  [
    'a page that is too long',
    'BAD_USER_INPUT',
    '/graphql',
    { query: '{ mails(first: 101) { nodes { id } } }' },
  ],
];
const RAW: [name: string, code: string, path: string, init: RequestInit][] = [
  [
    'no JSON',
    'BAD_REQUEST',
    '/graphql',
    { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
  ],
  ['another method', 'BAD_REQUEST', '/graphql', { method: 'PUT' }],
  [
    'a mutation by GET',
    'BAD_REQUEST',
    url({
      query:
        'mutation { endMembership(input: { userId: "8e3f0d0a-7b1c-4d2e-9f3a-5b6c7d8e9f61" }) { __typename } }',
    }),
    {},
  ],
  [
    'variables that are no JSON',
    'BAD_REQUEST',
    url({ query: '{ __typename }', variables: 'x' }),
    { headers: { accept: 'application/json' } },
  ],
  [
    'text',
    'UNSUPPORTED_MEDIA_TYPE',
    '/graphql',
    { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } },
  ],
  [
    'an answer as CSV',
    'NOT_ACCEPTABLE',
    '/graphql',
    {
      method: 'POST',
      body: '{"query":"{ __typename }"}',
      headers: { 'content-type': 'application/json', accept: 'text/csv' },
    },
  ],
];
const posted = REQUESTS.map(([name, code, path, body]) => {
  const headers = { 'content-type': 'application/json' };
  return [name, code, path, { method: 'POST', headers, body: JSON.stringify(body) }] as const;
});

test.each([...posted, ...RAW])('%s: %s', async (_name, code, path, init) => {
  const headers = { ...init.headers, authorization: `Bearer ${fixture.tokens.organization}` };
  // Twice: what is known by then goes another way.
  for (let i = 0; i < 2; i += 1) {
    const response = await fetch(usher.url + path, { ...init, headers });
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
  }
});

test('no token, and a wrong one', async () => {
  const query = '{ mails { totalCount } }';
  expect((await usher.graphql(query, {})).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  expect((await usher.graphql(query, {}, 'nope')).errors?.[0]?.extensions?.code).toBe(
    'INVALID_TOKEN',
  );
  expect((await usher.graphql(MUTATION, {})).errors?.[0]?.extensions?.code).toBe(
    'GRAPHQL_VALIDATION_FAILED',
  );
});
