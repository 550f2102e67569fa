import { request } from 'node:http';
import { hostname as getHostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// What a request leaves in its answer and in the log.

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher({
    accessLog: true,
    rateLimits: { perToken: 0, anonymous: 0, wrongTokens: 0, trustedProxies: 1 },
  });
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The line of the log for the request with this id. It is written once the response is closed. */
async function lineOf(id: string | null): Promise<Record<string, unknown>> {
  return await vi.waitFor(() => {
    const lines = usher.log.map(line => JSON.parse(line));
    const line = lines.find(({ msg, requestId }) => msg === 'request' && requestId === id);
    if (line === undefined) throw new Error(`no line of ${id}`);
    return line;
  });
}

const ask = (path: string, init: RequestInit = {}) => fetch(usher.url + path, init);
const asGraphQL = (query: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ query }),
});
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('the id of a request', () => {
  const query = '{ viewer { kind } }';
  const kinds: [string, () => Promise<Response>][] = [
    ['a read in REST', () => ask('/v1/customer-seats', { headers: bearer('unknown') })],
    ['an unknown path', () => ask('/nowhere')],
    ['a page', () => ask('/claim?token=none')],
    ['a health check', () => ask('/health/live')],
    ['a GraphQL document that is new', () => ask('/graphql', asGraphQL(query))],
    ['a GraphQL document that is wrong', () => ask('/graphql', asGraphQL('{ x'))],
    [
      'a GraphQL document that is known',
      async () => {
        const init = asGraphQL(query, bearer(fixture.tokens.organization));
        await ask('/graphql', init);
        return await ask('/graphql', init);
      },
    ],
    ['a target that is refused', refused],
    ['a preflight', () => ask('/v1/customer-seats', { method: 'OPTIONS' })],
  ];
  test.each(kinds)('is in the answer to %s, and in its line of the log', async (_kind, answer) => {
    const response = await answer();
    const id = response.headers.get('x-request-id');
    expect(id).toMatch(UUID);
    if (!response.url.includes('/health/'))
      expect(await lineOf(id)).toMatchObject({ status: response.status });
  });

  test('is the one that the client sends', async () => {
    const id = 'A1._-z'.padEnd(128, '0');
    const response = await ask('/graphql', asGraphQL(query, { 'x-request-id': id }));
    expect(response.headers.get('x-request-id')).toBe(id);
    expect(await lineOf(id)).toMatchObject({ route: '/graphql' });
  });

  test.each(['', ' ', 'a b', 'a"b', 'ä', '<script>', '-', 'a'.repeat(129), 'a,b', '{"a":1}'])(
    'is a new one where the client sends what is none: %j',
    async given => {
      const answered = await new Promise<string>((resolve, reject) => {
        request(`${usher.url}/health/live`, {
          headers: { 'x-request-id': Buffer.from(given).toString('latin1') },
        })
          .on('response', response => {
            response.resume();
            resolve(String(response.headers['x-request-id']));
          })
          .on('error', reject)
          .end();
      });
      expect(answered).toMatch(UUID);
    },
  );

  test('can be read by the pages of another origin', async () => {
    for (const path of ['/graphql', '/v1/customer-seats', '/v1/nothing']) {
      const { headers } = await ask(path, { headers: { origin: 'https://app.example' } });
      expect(headers.get('access-control-expose-headers')).toBe('*');
      expect(headers.get('x-request-id')).not.toBeNull();
    }
  });

  test('is in the line of each error that the log has', async () => {
    await usher.db.$executeRaw`
      ALTER TABLE customer_seats ADD CONSTRAINT broken CHECK (id IS NULL) NOT VALID`;
    const input = `source: { subscriptionId: "${fixture.ids.subscription}" }, recipient: { email: "kim@globex.example" }`;
    const mutation = `mutation { assignSeat(input: { ${input} }) { __typename } }`;
    const headers = bearer(fixture.tokens.organization);
    const answers = [
      // The first is executed on the default path, the second on the fast one.
      await ask('/graphql', asGraphQL(mutation, headers)),
      await ask('/graphql', asGraphQL(mutation, headers)),
      await ask('/v1/customer-seats', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          subscription_id: fixture.ids.subscription,
          email: 'kim@globex.example',
        }),
      }),
    ];
    await usher.db.$executeRaw`ALTER TABLE customer_seats DROP CONSTRAINT broken`;
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 500]);
    const errors = usher.log.map(line => JSON.parse(line)).filter(({ level }) => level >= 50);
    expect(errors.map(({ requestId }) => requestId)).toEqual(
      answers.map(({ headers }) => headers.get('x-request-id')),
    );
  });
});

/** The answer to a target that the client of `fetch` would not send. */
async function refused(): Promise<Response> {
  return await new Promise((resolve, reject) => {
    request(usher.url, { path: '/v1\\x' })
      .on('response', answer => {
        answer.resume();
        const headers = { 'x-request-id': String(answer.headers['x-request-id']) };
        resolve(new Response(null, { status: answer.statusCode ?? 0, headers }));
      })
      .on('error', reject)
      .end();
  });
}

describe('the line of a request', () => {
  async function lineOfAnswer(response: Response) {
    const { level, time, pid, hostname, requestId, ms, ...line } = await lineOf(
      response.headers.get('x-request-id'),
    );
    expect([level, typeof ms, pid, hostname]).toEqual([30, 'number', process.pid, getHostname()]);
    return line;
  }

  test('has the route’s pattern, and no invitation token', async () => {
    const seat = await givenSeat(usher, fixture, { email: 'patterns@globex.example' });
    const token = await tokenOf(usher, seat.id);
    const response = await ask(`/v1/customer-seats/claim/${token}`);
    expect(response.status).toBe(200);
    expect(await lineOfAnswer(response)).toEqual({
      msg: 'request',
      method: 'GET',
      route: '/v1/customer-seats/claim/:invitation_token',
      status: 200,
      client: '127.0.0.1',
      actor: 'anonymous',
    });
    expect(usher.log.join('')).not.toContain(token);
  });

  test('says who asked for which operation, and from where', async () => {
    const { organization, personal, customer, member } = fixture.tokens;
    const { ids } = fixture;
    const from = (token: string) =>
      ask(
        '/graphql',
        asGraphQL('query Who { viewer { kind } }', {
          ...bearer(token),
          'x-forwarded-for': '203.0.113.9',
        }),
      );
    const common = {
      ...{ msg: 'request', method: 'POST', route: '/graphql', status: 200 },
      ...{ operation: 'Who', client: '203.0.113.9' },
    };
    const organizationId = ids.organization;
    expect(await lineOfAnswer(await from(organization))).toEqual({
      ...common,
      actor: 'organization',
      actorId: expect.stringMatching(UUID),
      organizationId,
    });
    expect(await lineOfAnswer(await from(personal))).toEqual({
      ...common,
      actor: 'user',
      actorId: ids.user,
    });
    expect(await lineOfAnswer(await from(customer))).toEqual({
      ...common,
      actor: 'customer',
      actorId: ids.customer,
      organizationId,
    });
    expect(await lineOfAnswer(await from(member))).toEqual({
      ...common,
      actor: 'member',
      actorId: ids.member,
      organizationId,
    });
    expect(usher.log.join('')).not.toContain('@');
  });

  test('has the codes of the errors that the client got', async () => {
    const headers = bearer(fixture.tokens.organization);
    const revoke = `mutation Revoke { revokeSeat(input: { seatId: "${fixture.ids.order}" }) { __typename } }`;
    expect(await lineOfAnswer(await ask('/graphql', asGraphQL(revoke, headers)))).toMatchObject({
      operation: 'Revoke',
      errors: ['RESOURCE_NOT_FOUND'],
    });
    expect(
      await lineOfAnswer(await ask('/graphql', asGraphQL('{ nothing }', headers))),
    ).toMatchObject({
      errors: ['GRAPHQL_VALIDATION_FAILED'],
    });
    expect(
      await lineOfAnswer(await ask('/graphql', asGraphQL('{ a', bearer('unknown')))),
    ).toMatchObject({
      status: 401,
      errors: ['INVALID_TOKEN'],
    });
    const seat = await ask(`/v1/customer-seats/${fixture.ids.order}`, {
      method: 'DELETE',
      headers,
    });
    expect(await lineOfAnswer(seat)).toMatchObject({ status: 404, errors: ['RESOURCE_NOT_FOUND'] });
  });

  test('is not written for health checks, which are frequent', async () => {
    const ids = await Promise.all(
      ['live', 'ready'].map(async name =>
        (await ask(`/health/${name}`)).headers.get('x-request-id'),
      ),
    );
    const later = await ask('/nowhere');
    await lineOf(later.headers.get('x-request-id'));
    for (const id of ids) expect(usher.log.join('')).not.toContain(id);
  });

  test('says that the client has gone', async () => {
    const seat = await givenSeat(usher, fixture, { email: 'gone@globex.example' });
    const token = await tokenOf(usher, seat.id);
    const leaving = new AbortController();
    const response = await ask(`/v1/customer-seats/claim/${token}/stream`, {
      signal: leaving.signal,
    });
    leaving.abort();
    expect(await lineOf(response.headers.get('x-request-id'))).toMatchObject({
      isAborted: true,
      route: '/v1/customer-seats/claim/:invitation_token/stream',
    });
  });
});

test('no line of the log has a token, an address of mail, or the value of a statement', async () => {
  const tokens = Object.values(fixture.tokens).filter(token => typeof token === 'string');
  for (const token of [...tokens, 'usher_oat_unknown']) {
    await ask('/v1/customer-seats?token=in-the-query', { headers: bearer(token) });
    await ask('/graphql', asGraphQL('{ customers { nodes { email } } }', bearer(token)));
  }
  const last = await ask('/nowhere');
  await lineOf(last.headers.get('x-request-id'));
  const text = usher.log.join('');
  for (const secret of [...tokens, 'usher_oat_unknown', 'in-the-query', '@globex.example']) {
    expect(text).not.toContain(secret);
  }
});
