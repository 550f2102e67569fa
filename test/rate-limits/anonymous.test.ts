import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNLIMITED } from '../../src/rate-limits/rate-limits.ts';
import type { Fixture } from '../support/fixture.ts';
import { callFrom } from '../support/from-address.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

const LIMIT = 6;

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher({ clockStands: true, rateLimits: { ...UNLIMITED, anonymous: LIMIT } });
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

// Every test has an address to itself, and a stranger's.
let last = 10;
const newAddress = () => `127.0.0.${++last}`;

const QUERY = { query: '{ viewer { kind } }' };

/** The requests that anybody can send, each by its name. */
const REQUESTS = {
  'GraphQL, fast path': { path: '/graphql', body: QUERY },
  'GraphQL, default path': { path: '/graphql?path=default', body: QUERY },
  'GraphQL by GET': { path: '/graphql?query=%7Bviewer%7Bkind%7D%7D' },
  'GraphQL that is none': { path: '/graphql', body: { query: '{' } },
  REST: { path: '/v1/customer-seats/claim', body: { invitation_token: 'none' } },
  'REST by HEAD': { path: '/v1/customer-seats', method: 'HEAD' },
  'REST that is none': { path: '/v1/none' },
  'OPTIONS that is no preflight': { path: '/v1/customer-seats', method: 'OPTIONS' },
  'claim page': { path: '/claim?token=none' },
  'unsubscribe page': { path: '/unsubscribe' },
} as const satisfies Record<string, { path: string; body?: object; method?: string }>;

describe.each(Object.entries(REQUESTS))('%s without a token', (_name, { path, ...sent }) => {
  test('is refused past the limit of its address until it may come again', async () => {
    const url = usher.url + path;
    const from = newAddress();
    const first = await callFrom(url, { ...sent, from });
    expect(first.headers).toMatchObject({
      'ratelimit-policy': `"anonymous";q=${LIMIT};w=60`,
      ratelimit: `"anonymous";r=${LIMIT - 1};t=10`,
    });
    for (let i = 1; i < LIMIT; i++) {
      expect(await callFrom(url, { ...sent, from })).toMatchObject({ status: first.status });
    }
    const refused = await callFrom(url, { ...sent, from });
    expect(refused).toMatchObject({
      status: 429,
      headers: {
        'retry-after': '10',
        'ratelimit-policy': `"anonymous";q=${LIMIT};w=60`,
        ratelimit: '"anonymous";r=0;t=10',
      },
    });
    // Nobody else is.
    const stranger = await callFrom(url, { ...sent, from: newAddress() });
    expect(stranger.status).toBe(first.status);
    const token = fixture.tokens.organization;
    expect((await callFrom(`${usher.url}/graphql`, { body: QUERY, token, from })).status).toBe(200);

    usher.advance(9_000);
    expect((await callFrom(url, { ...sent, from })).status).toBe(429);
    usher.advance(1_000);
    expect((await callFrom(url, { ...sent, from })).status).toBe(first.status);
    expect((await callFrom(url, { ...sent, from })).status).toBe(429);
  });
});

describe('the answer to one request too many', () => {
  const exhaust = async (from: string) => {
    for (let i = 0; i < LIMIT; i++) await callFrom(`${usher.url}/graphql`, { body: QUERY, from });
  };

  test('is an error of GraphQL, without data', async () => {
    const from = newAddress();
    await exhaust(from);
    for (const path of ['/graphql', '/graphql?path=default']) {
      const { text } = await callFrom(usher.url + path, { body: QUERY, from });
      expect(JSON.parse(text)).toEqual({
        errors: [
          {
            message: 'Too many requests. Try again in 10 s.',
            extensions: { code: 'RATE_LIMITED' },
          },
        ],
      });
    }
  });

  test('is a domain error of REST, which pages of any origin can read', async () => {
    const from = newAddress();
    await exhaust(from);
    const { headers, text } = await callFrom(`${usher.url}/v1/customer-seats`, { from });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
    });
    expect(JSON.parse(text)).toEqual({
      error: 'RateLimited',
      detail: 'Too many requests. Try again in 10 s.',
    });
  });

  test('is a page for people', async () => {
    const from = newAddress();
    await exhaust(from);
    const { headers, text } = await callFrom(`${usher.url}/claim?token=x`, { from });
    expect(headers['content-type']).toContain('text/html');
    expect(text).toContain('Try again in 10 s.');
  });

  test('is given to nobody who checks the health, reads the reference or asks before a call', async () => {
    const from = newAddress();
    await exhaust(from);
    for (const path of ['/health/live', '/health/ready', '/openapi.json']) {
      expect((await callFrom(usher.url + path, { from })).status).toBe(200);
    }
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
    const preflight = { method: 'OPTIONS', from, headers };
    expect((await callFrom(`${usher.url}/v1/customer-seats/claim`, preflight)).status).toBe(204);
  });

  test('changes nothing', async () => {
    const from = newAddress();
    await exhaust(from);
    const before = usher.log.length;
    await callFrom(`${usher.url}/v1/customer-seats/claim`, { from, body: {} });
    expect(usher.log.slice(before)).toEqual([]);
  });
});

test('X-Forwarded-For is ignored where no proxy is trusted', async () => {
  const from = newAddress();
  const call = (n: number) =>
    callFrom(`${usher.url}/v1/none`, { from, headers: { 'x-forwarded-for': `203.0.113.${n}` } });
  for (let n = 0; n < LIMIT; n++) expect((await call(n)).status).toBe(404);
  expect((await call(LIMIT)).status).toBe(429);
});
