import { request } from 'node:http';
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

const ID = '11111111-1111-4111-8111-111111111111';

describe('an unsupported method', () => {
  test.each([
    ['PUT', '/v1/customer-seats', 'POST'],
    ['PATCH', `/v1/customer-seats/${ID}`, 'DELETE'],
    ['GET', `/v1/customer-seats/${ID}`, 'DELETE'],
    ['GET', '/v1/customer-seats/claim', 'DELETE'],
    ['GET', `/v1/customer-seats/${ID}/resend`, 'POST'],
    ['POST', '/v1/customer-seats/claim/token', 'GET'],
    ['PUT', '/v1/customer-portal/seats', 'GET'],
    ['HEAD', `/v1/customer-seats?subscription_id=${ID}`, 'POST'],
    ['OPTIONS', '/v1/customer-seats', 'POST'],
  ])('%s %s: 405 with the method of the first endpoint', async (method, path, allow) => {
    const { status, headers, text } = await usher.rest(method, path);
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
    expect(text).toBe(method === 'HEAD' ? '' : '{"detail":"Method Not Allowed"}');
  });
});

describe('a wrong trailing slash', () => {
  test.each([
    [`/v1/customer-seats/?subscription_id=${ID}`, `/v1/customer-seats?subscription_id=${ID}`],
    ['/v1/customer-portal/seats/', '/v1/customer-portal/seats'],
    ['/v1/customer-sessions', '/v1/customer-sessions/'],
  ])('%s: 307', async (path, target) => {
    const { status, headers, text } = await usher.rest('GET', path);
    expect([status, text]).toEqual([307, '']);
    expect(headers.get('location')).toBe(target);
  });

  test('a client that follows the redirect sends its body again', async () => {
    const response = await fetch(`${usher.url}/v1/customer-seats/`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${fixture.tokens.organization}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        subscription_id: fixture.ids.subscription,
        email: 'sam@globex.example',
      }),
    });
    expect(response.status).toBe(200);
  });
});

test.each(['/v1/nope', '/v1/customer-seats/a/b/c', '/v1/customer-seats/claim/a%2Fb', '/nope'])(
  '%s is nothing: 404',
  async path => {
    const { status, text } = await usher.rest('GET', path);
    expect([status, text]).toEqual([404, '{"detail":"Not Found"}']);
  },
);

test('an invalid token is rejected before the path is checked', async () => {
  const { status, body } = await usher.rest('GET', '/v1/nope', { token: 'nobody' });
  expect([status, body.error]).toEqual([401, 'invalid_token']);
});

describe('a body', () => {
  const TOO_LARGE =
    '{"error": "RequestBodyTooLarge", "detail": "Request body exceeded the maximum allowed size of 65536 bytes."}';

  test.each([
    ['POST', '/v1/customer-seats'],
    ['POST', '/v1/customer-seats/claim'],
    ['POST', '/v1/customer-portal/seats'],
    ['POST', '/v1/customer-sessions/'],
    ['DELETE', `/v1/customer-seats/${ID}`],
  ])('over 64 KiB: 413, %s %s', async (method, path) => {
    const fits = await fetch(usher.url + path, { method, body: ' '.repeat(65_536) });
    expect(fits.status).not.toBe(413);
    const larger = await fetch(usher.url + path, { method, body: ' '.repeat(65_537) });
    expect([larger.status, await larger.text()]).toEqual([413, TOO_LARGE]);
    expect(larger.headers.get('access-control-allow-origin')).toBe('*');
  });

  test.each([
    ['nests', `[${'['.repeat(900)}${']'.repeat(900)},NaN]`.repeat(30)],
    ['a list of lists', `[${'[],'.repeat(21_000)}NaN]`],
    ['many keys', `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":0`).join()}}`],
    [
      'many keys in metadata',
      `{"metadata":{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":0`).join()}}}`,
    ],
    ['a long text', JSON.stringify({ email: 'x'.repeat(60_000), member_id: '-'.repeat(5_000) })],
    ['a long token', JSON.stringify({ invitation_token: ['x'.repeat(60_000)] })],
  ])('of %s gets a short answer', async (_name, body) => {
    for (const path of [
      '/v1/customer-seats',
      '/v1/customer-seats/claim',
      '/v1/customer-sessions/',
    ]) {
      const answer = await usher.rest('POST', path, { token: fixture.tokens.organization, body });
      expect(answer.status).toBe(422);
      expect(answer.text.length).toBeLessThan(16_384);
    }
  });

  // A missing Content-Length is valid.
  test('of unknown length is read up to the limit', async () => {
    const send = (chunks: string[]) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sending = request(`${usher.url}/v1/customer-seats`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${fixture.tokens.organization}`,
            'content-type': 'application/json',
            'transfer-encoding': 'chunked',
          },
        });
        sending.on('response', response => resolve(response.resume().statusCode));
        sending.on('error', reject);
        for (const chunk of chunks) sending.write(chunk);
        sending.end();
      });
    const body = JSON.stringify({
      subscription_id: fixture.ids.subscription,
      email: 'c@globex.example',
    });
    expect(await send([body.slice(0, 10), body.slice(10)])).toBe(200);
    expect(await send(Array.from({ length: 7 }, () => ' '.repeat(10_000)))).toBe(413);
  });
});

describe('another origin', () => {
  test('may send requests without credentials', async () => {
    const { status, headers } = await usher.rest('OPTIONS', '/v1/customer-seats', {
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(status).toBeLessThan(300);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
    const answer = await usher.rest('GET', '/v1/customer-seats', {
      headers: { origin: 'https://shop.example' },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-expose-headers')).toBe('*');
  });
});
