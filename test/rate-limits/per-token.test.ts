import { afterAll, beforeAll, expect, test } from 'vitest';
import { UNLIMITED } from '../../src/rate-limits/rate-limits.ts';
import type { Fixture } from '../support/fixture.ts';
import { callFrom } from '../support/from-address.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

const LIMIT = 4;

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher({ clockStands: true, rateLimits: { ...UNLIMITED, perToken: LIMIT } });
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

const QUERY = { query: '{ viewer { kind } }' };

test('requests with one token are limited across addresses and APIs, and no other token with them', async () => {
  const { organization: token, reader } = fixture.tokens;
  const list = `${usher.url}/v1/customer-seats?subscription_id=${fixture.ids.subscription}`;
  const first = await callFrom(list, { token });
  expect(first.headers).toMatchObject({
    'ratelimit-policy': `"token";q=${LIMIT};w=60`,
    ratelimit: `"token";r=${LIMIT - 1};t=15`,
  });
  await callFrom(list, { token, from: '127.0.0.2' });
  await callFrom(`${usher.url}/graphql`, { body: QUERY, token });
  const last = await callFrom(`${usher.url}/graphql`, { body: QUERY, token });
  expect(last).toMatchObject({ status: 200, headers: { ratelimit: '"token";r=0;t=60' } });

  for (const from of ['127.0.0.1', '127.0.0.2']) {
    const refused = await callFrom(list, { token, from });
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '15' } });
    const short = await callFrom(`${usher.url}/graphql`, { body: QUERY, token, from });
    expect(short.status).toBe(429);
    expect(JSON.parse(short.text).errors[0].extensions.code).toBe('RATE_LIMITED');
  }
  expect((await callFrom(list, { token: reader })).status).toBe(200);
  expect((await callFrom(`${usher.url}/graphql`, { body: QUERY })).status).toBe(200);

  usher.advance(15_000);
  expect((await callFrom(list, { token })).status).toBe(200);
  expect((await callFrom(list, { token })).status).toBe(429);
});

test('a request counts once, also where its token turns out to be unknown', async () => {
  const known = await callFrom(`${usher.url}/graphql`, {
    body: QUERY,
    token: fixture.tokens.manager,
  });
  expect(known.status).toBe(200);
  const answer = await callFrom(`${usher.url}/graphql`, { body: QUERY, token: 'usher_nobody' });
  expect(answer).toMatchObject({
    status: 401,
    headers: { ratelimit: `"token";r=${LIMIT - 1};t=15` },
  });
});
