import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { sendRaw } from './raw.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

const DOCUMENT = '{"query":"{ viewer { kind } }"}';
const TYPE = 'content-type: application/json';
const LENGTH = `content-length: ${DOCUMENT.length}`;

/** A request to each API: the default path and the fast path of GraphQL, REST, a page and a health check. */
const TARGETS = [
  'POST /graphql',
  'POST /graphql?',
  'POST /v1/customer-seats',
  'GET /docs',
  'GET /health/live',
];

const send = (target: string, headers: readonly string[]) =>
  sendRaw(usher.url, [`${target} HTTP/1.1`, TYPE, LENGTH, ...headers], DOCUMENT);

describe.each(TARGETS)('%s', target => {
  test.each([
    'x/v1/customer-seats?',
    '/v1/customer-seats',
    'user@usher.example',
    'usher.example#',
    'usher.example?x',
    'usher.example\\x',
    'usher.example:99999',
    'usher.example:80:80',
    'usher.example:80a',
    'a b',
    '[::1',
    '[::g]',
    '[1.2.3.4]',
    'ü.example',
    '%41.example',
    ',',
    '',
  ])('with the Host %j: 400, and nothing in the log', async host => {
    const { status, headers, body } = await send(target, [`host: ${host}`]);
    expect([status, headers.get('access-control-allow-origin')]).toEqual([400, '*']);
    expect(body).toContain('Host header');
    expect(usher.log.join('')).toBe('');
  });

  test.each([
    ['host', ['host: a', 'Host: a']],
    ['authorization', ['host: a', 'authorization: Bearer x', 'Authorization: Bearer x']],
    ['content-type', ['host: a', 'content-type: text/plain']],
  ])('with two %s headers: 400', async (name, lines) => {
    const { status, body } = await send(target, lines);
    expect(status).toBe(400);
    expect(body).toContain(`more than one ${name} header`);
  });

  test('with too many headers: 431', async () => {
    const many = Array.from({ length: 100 }, (_, i) => `x-${i}: 1`);
    expect((await send(target, ['host: a', ...many])).status).toBe(431);
  });

  test.each([
    'usher.example',
    'usher.example:80',
    'a_b',
    'Usher.Example.',
    '127.0.0.1:4000',
    '[::1]',
    '[::1]:4000',
    'a:',
  ])('with the Host %j: as with any', async host => {
    const { status } = await send(target, [`host: ${host}`]);
    expect(status).toBe(target.includes('/v1/') ? 401 : 200);
  });
});

test('a refusal has the form of the API that was asked', async () => {
  const graphql = await send('POST /graphql', ['host: /']);
  expect(JSON.parse(graphql.body)).toEqual({
    errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST' } }],
  });
  const rest = await send('POST /v1/customer-seats', ['host: /']);
  expect(JSON.parse(rest.body)).toEqual({ error: 'BadRequest', detail: expect.any(String) });
});

test('no two tokens are weighed against each other, good or bad', async () => {
  const good = `authorization: Bearer ${fixture.tokens.organization}`;
  for (const target of TARGETS) {
    for (const pair of [
      [good, good],
      [good, 'authorization: Bearer x'],
      ['authorization: Basic x', good],
    ]) {
      expect((await send(target, ['host: a', ...pair])).status).toBe(400);
    }
  }
});

describe('a target', () => {
  test.each([
    ['GET http://elsewhere.example/health/live', 200],
    ['GET HTTP://elsewhere.example:80/health/live?x', 200],
    ['GET http://elsewhere.example/v1/customer-seats', 401],
    ['POST http://elsewhere.example/graphql', 200],
    ['GET http://elsewhere.example', 302],
    ['GET http://user@elsewhere.example/health/live', 400],
    ['GET http:///health/live', 400],
    ['GET http://elsewhere.example/health\\live', 400],
    ['GET ftp://elsewhere.example/health/live', 400],
    ['GET /health\\live', 400],
    ['GET health/live', 400],
    ['OPTIONS *', 400],
    ['GET //elsewhere.example/health/live', 404],
    ['GET //elsewhere.example/docs/', 404],
    ['GET //elsewhere.example/v1/customer-seats/', 404],
    ['GET /x/../health/live', 200],
  ])('%s: %d', async (target, status) => {
    expect((await send(target, ['host: usher.example'])).status).toBe(status);
    expect(usher.log.join('')).toBe('');
  });

  test('of HTTP/1.0 needs no Host', async () => {
    expect((await sendRaw(usher.url, ['GET /health/live HTTP/1.0'])).status).toBe(200);
  });
});

test('the Host header is in no address that is answered', async () => {
  const host = 'host: elsewhere.example';
  const token = `authorization: Bearer ${fixture.tokens.organization}`;
  const answers = [
    await send('GET /v1/customer-seats/', [host]),
    await send('GET /docs/', [host]),
    await send('GET /', [host]),
    await sendRaw(
      usher.url,
      ['POST /v1/customer-sessions/ HTTP/1.1', host, token, TYPE, 'content-length: 56'],
      JSON.stringify({ customer_id: fixture.ids.customer }).padEnd(56),
    ),
  ];
  for (const { status, headers, body } of answers) {
    expect([201, 302, 307, 308]).toContain(status);
    expect(`${headers.get('location')} ${body}`).not.toContain('elsewhere');
  }
  expect(JSON.parse(answers[3]?.body ?? '').customer_portal_url).toBe(usher.url);
});
