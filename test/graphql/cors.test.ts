import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

// The fast path takes no query string. An empty one would not do: clients drop it.
const WAYS = ['/graphql', '/graphql?path=default'];
const NEWER = 'application/graphql-response+json';

interface Sent {
  body?: string;
  headers?: Record<string, string>;
}

const post = (path: string, { body = '{"query":"{ viewer { kind } }"}', headers }: Sent) =>
  fetch(usher.url + path, {
    method: 'POST',
    body,
    headers: { origin: 'https://shop.example', 'content-type': 'application/json', ...headers },
  });

const CASES: [string, number, Sent][] = [
  ['an answer', 200, {}],
  [
    'no token where one is needed',
    401,
    { body: '{"query":"{ claimedSubscriptions { __typename } }"}' },
  ],
  ['a token of nobody', 401, { headers: { authorization: 'Bearer nobody' } }],
  ['a syntax error', 200, { body: '{"query":"{"}' }],
  ['no JSON', 400, { body: '{' }],
  ['another content type', 415, { headers: { 'content-type': 'text/plain' } }],
  ['too large a body', 413, { body: ' '.repeat(262_145) }],
];

describe.each(WAYS)('%s lets any origin read', path => {
  test.each(CASES)('%s', async (_name, status, sent) => {
    // The second time it may go another way.
    for (let i = 0; i < 2; i++) {
      const response = await post(path, sent);
      expect(response.status).toBe(status);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-expose-headers')).toBe('*');
      expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  test('an internal error', async () => {
    await usher.db.$executeRaw`ALTER TABLE customer_seats RENAME COLUMN metadata TO gone`;
    const { subscription } = fixture.ids;
    const query = `{ customerSubscription(id: "${subscription}") { seats { nodes { metadata } } } }`;
    const headers = { authorization: `Bearer ${fixture.tokens.organization}` };
    const response = await post(path, { body: JSON.stringify({ query }), headers });
    await usher.db.$executeRaw`ALTER TABLE customer_seats RENAME COLUMN gone TO metadata`;
    expect(response.status).toBe(500);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('what it may send', async () => {
    const asked = 'authorization,content-type,accept,apollographql-client-name,x-request-id';
    const response = await fetch(usher.url + path, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        // Nobody's: a preflight asks who is calling no more than a browser tells.
        authorization: 'Bearer nobody',
        'access-control-request-method': 'POST',
        'access-control-request-headers': asked,
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toBe(asked);
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test.each<[string, number, Sent]>([
    ['a token of nobody', 401, { headers: { authorization: 'Bearer nobody' } }],
    ['too large a body', 413, { body: ' '.repeat(262_145) }],
  ])('%s is refused in the media type that is accepted', async (_name, status, sent) => {
    for (const [accept, type] of [
      [NEWER, NEWER],
      [`${NEWER}, application/json;q=0.9`, NEWER],
      ['application/json', 'application/json'],
      ['*/*', 'application/json'],
    ] as const) {
      const response = await post(path, { ...sent, headers: { ...sent.headers, accept } });
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
      expect(await response.json()).toMatchObject({ errors: [{ message: expect.any(String) }] });
    }
  });
});
