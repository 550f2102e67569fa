import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';

let usher: TestUsher;
let world: World;
beforeAll(async () => {
  usher = await startUsher();
  world = await usher.addWorld();
});
afterAll(() => usher.close());

const ID = '11111111-1111-4111-8111-111111111111';

describe('a path with another method', () => {
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
  ])('%s %s: 405, and what the first endpoint there takes', async (method, path, allow) => {
    const { status, headers, text } = await usher.rest(method, path);
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
    expect(text).toBe(method === 'HEAD' ? '' : '{"detail":"Method Not Allowed"}');
  });
});

describe('a slash too many or too few', () => {
  test.each([
    [`/v1/customer-seats/?subscription_id=${ID}`, `/v1/customer-seats?subscription_id=${ID}`],
    ['/v1/customer-portal/seats/', '/v1/customer-portal/seats'],
    ['/v1/customer-sessions', '/v1/customer-sessions/'],
  ])('%s: 307', async (path, target) => {
    const { status, headers, text } = await usher.rest('GET', path);
    expect([status, text]).toEqual([307, '']);
    expect(headers.get('location')).toBe(usher.url + target);
  });

  test('a client that follows it arrives with its body', async () => {
    const response = await fetch(`${usher.url}/v1/customer-seats/`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.tokens.organization}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        subscription_id: world.ids.subscription,
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

test('a bad token is noticed before the path is', async () => {
  const { status, body } = await usher.rest('GET', '/v1/nope', { token: 'nobody' });
  expect([status, body.error]).toEqual([401, 'invalid_token']);
});

describe('a body', () => {
  test('past 10 MiB: 413', async () => {
    const { status, text } = await usher.rest('POST', '/v1/customer-seats', {
      token: world.tokens.organization,
      body: `"${'x'.repeat(10_485_760)}"`,
    });
    expect(status).toBe(413);
    expect(text).toBe(
      '{"error": "RequestBodyTooLarge", "detail": "Request body exceeded the maximum allowed size of 10485760 bytes."}',
    );
  });

  // Decision 12: a missing Content-Length is fine.
  test('of unknown length is read, and measured as it comes', async () => {
    const send = (chunks: string[]) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sending = request(`${usher.url}/v1/customer-seats`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${world.tokens.organization}`,
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
      subscription_id: world.ids.subscription,
      email: 'c@globex.example',
    });
    expect(await send([body.slice(0, 10), body.slice(10)])).toBe(200);
    expect(await send(Array.from({ length: 11 }, () => ' '.repeat(1_000_000)))).toBe(413);
  });
});

describe('another origin', () => {
  test('may call, without credentials', async () => {
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
  });

  test('may not call GraphQL from a page', async () => {
    const response = await fetch(`${usher.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});
