import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashToken, newToken } from '../src/auth/token.ts';
import { type Endpoint, endpoints, namesIn } from './support/endpoints.ts';
import type { Fixture } from './support/fixture.ts';
import { addToken, givenSeat } from './support/seats.ts';
import { type RestAnswer, startUsher, type TestUsher } from './support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
let all: Endpoint[];
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
  const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  all = endpoints(namesIn(fixture, seat.id, 'no-invitation'));
});
afterAll(() => usher.close());

async function call({ method, path, body }: Endpoint, headers: Record<string, string> = {}) {
  return await usher.rest(method, path, { body, headers });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Returns the parts of an answer that this file compares. */
function essence({ status, text, headers }: RestAnswer) {
  const [type, challenge, cache, pragma] = [
    'content-type',
    'www-authenticate',
    'cache-control',
    'pragma',
  ].map(name => headers.get(name));
  return { status, text, type, challenge, cache, pragma };
}

const REASON =
  'The access token provided is expired, revoked, malformed, or invalid for other reasons.';
const PRIVILEGES = 'The request requires higher privileges than provided by the access token.';

// The realm is usher's own, here and below.
const INVALID_TOKEN = {
  status: 401,
  text: `{"error": "invalid_token", "error_description": "${REASON}"}`,
  type: 'application/json',
  challenge: `Bearer realm="usher", error="invalid_token", error_description="${REASON}"`,
  cache: 'no-store',
  pragma: 'no-cache',
};

const UNAUTHORIZED = {
  status: 401,
  text: '{"error":"Unauthorized","detail":"Unauthorized"}',
  type: 'application/json',
  challenge: 'Bearer realm="usher"',
  cache: 'private, no-store',
  pragma: null,
};

const insufficientScope = (scopes = '') => ({
  status: 403,
  text: `{"error": "insufficient_scope", "error_description": "${PRIVILEGES}"}`,
  type: 'application/json',
  challenge: `Bearer realm="usher", scope="${scopes}", error="insufficient_scope", error_description="${PRIVILEGES}"`,
  cache: 'no-store',
  pragma: 'no-cache',
});

const NOT_PERMITTED = {
  status: 403,
  text: '{"error":"NotPermitted","detail":"Only owners and billing managers can access billing features."}',
  type: 'application/json',
  challenge: null,
  cache: 'private, no-store',
  pragma: null,
};

/** Returns invalid tokens, each with the reason. */
async function badTokens(): Promise<[string, string][]> {
  const past = new Date(Date.now() - 1000);
  const deleted = new Date();
  const [customers, members] = [await usher.addFixture(), await usher.addFixture()];
  const person = await usher.addFixture();
  const block = await usher.addFixture({ status: 'blocked' });
  const gone = await usher.addFixture();
  await usher.db.member.updateMany({
    where: { id: members.ids.owner },
    data: { deletedAt: deleted },
  });
  await usher.db.customer.updateMany({
    where: { id: customers.ids.customer },
    data: { deletedAt: deleted },
  });
  await usher.db.user.update({ where: { id: person.ids.user }, data: { deletedAt: deleted } });
  const where = { id: gone.ids.organization };
  await usher.db.organization.update({ where, data: { deletedAt: deleted } });
  return [
    ['expired', fixture.tokens.expired],
    ['expired this second', await addToken(usher, fixture, [], { expiresAt: new Date() })],
    ['expired session', fixture.tokens.expiredSession],
    ['revoked', await addToken(usher, fixture, [], { revokedAt: past })],
    ['of a deleted customer', customers.tokens.customer],
    ["of a deleted customer's member", customers.tokens.manager],
    ['of a deleted member', members.tokens.owner],
    ['of a deleted user', person.tokens.personal],
    ['of a blocked organization', block.tokens.organization],
    ['of a deleted organization', gone.tokens.organization],
    ['unknown', newToken('organization')],
    ['in capitals', fixture.tokens.organization.toUpperCase()],
    ['cut short', fixture.tokens.organization.slice(0, -1)],
    ['malformed', 'not a token'],
    ['a hash', Buffer.from(hashToken(fixture.tokens.organization)).toString('hex')],
  ];
}

test('all invalid tokens get the same answer', async () => {
  for (const [name, token] of await badTokens()) {
    const answer = await usher.rest('GET', '/v1/customer-seats', { headers: bearer(token) });
    expect([name, essence(answer)]).toEqual([name, INVALID_TOKEN]);
  }
});

test('an invalid token is refused on every endpoint, including public and unknown ones and wrong methods', async () => {
  const requests: Pick<Endpoint, 'method' | 'path' | 'body'>[] = [
    ...all,
    { method: 'GET', path: '/v1/nothing' },
    { method: 'DELETE', path: '/v1/customer-seats' },
    { method: 'DELETE', path: '/v1/customer-seats/x' },
  ];
  for (const { method, path, body } of requests) {
    const headers = bearer(fixture.tokens.expired);
    const answer = await usher.rest(method, path, { headers, body });
    expect([path, essence(answer)]).toEqual([path, INVALID_TOKEN]);
  }
});

describe('a missing or unusable token', () => {
  test.each<[string, Record<string, string>]>([
    ['none', {}],
    ['an empty one', { authorization: 'Bearer ' }],
    ['a scheme alone', { authorization: 'Bearer' }],
    ['another scheme', { authorization: 'Basic dXNoZXI6dXNoZXI=' }],
    ['one that is not ASCII', { authorization: 'Bearer ush\u00e9r' }],
  ])('%s: 401 if the endpoint requires a token, and ignored otherwise', async (_name, headers) => {
    for (const endpoint of all) {
      const answer = await call(endpoint, headers);
      if (endpoint.side === 'public') expect(answer.status).toBeOneOf([400, 404]);
      else expect([endpoint.name, essence(answer)]).toEqual([endpoint.name, UNAUTHORIZED]);
    }
  });

  test('a valid token of the wrong kind counts as missing', async () => {
    const { organization, personal, customer, owner, manager, member } = fixture.tokens;
    for (const endpoint of all) {
      const wrong =
        endpoint.side === 'portal' ? [organization, personal] : [customer, owner, manager, member];
      for (const token of wrong) {
        const answer = await call(endpoint, bearer(token));
        if (endpoint.side === 'public') expect(answer.status).toBeOneOf([400, 404]);
        else expect([endpoint.name, essence(answer)]).toEqual([endpoint.name, UNAUTHORIZED]);
      }
    }
  });

  test('the scheme is case-insensitive', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR']) {
      const headers = { authorization: `${scheme} ${fixture.tokens.member}` };
      const { status } = await usher.rest('GET', '/v1/customer-portal/seats/subscriptions', {
        headers,
      });
      expect(status).toBe(200);
    }
  });
});

describe('an insufficient token', () => {
  test('without the scope gets the required scopes', async () => {
    for (const endpoint of all.filter(({ side }) => side === 'admin')) {
      for (const token of [fixture.tokens.scopeless, await addToken(usher, fixture, [])]) {
        const answer = await call(endpoint, bearer(token));
        expect(essence(answer)).toEqual(insufficientScope(endpoint.scopes));
      }
    }
    const [assign] = all;
    const reading = assign && (await call(assign, bearer(fixture.tokens.reader)));
    expect(reading?.status).toBe(403);
  });

  test('of a plain member cannot manage seats', async () => {
    for (const endpoint of all.filter(({ side }) => side === 'portal')) {
      const answer = await call(endpoint, bearer(fixture.tokens.member));
      if (endpoint.isForManagers) expect(essence(answer)).toEqual(NOT_PERMITTED);
      else expect(answer.status).toBe(200);
    }
  });
});

describe('of several errors, the answer reports the first of', () => {
  const malformed = '{"email":';
  const withBody = () => all.filter(({ body }) => body !== undefined);
  const errorOf = ({ status, body }: RestAnswer) => [status, body.error];

  test('an invalid token, a malformed body, a missing token', async () => {
    for (const { method, path, side } of withBody()) {
      const bad = await usher.rest(method, path, {
        token: fixture.tokens.expired,
        body: malformed,
      });
      expect(errorOf(bad)).toEqual([401, 'invalid_token']);
      const none = await usher.rest(method, path, { body: malformed });
      // usher's own endpoint reads no body of a caller without a token; the vendors' do.
      if (path === '/v1/billing') expect(none.status).toBe(401);
      else expect([none.status, none.body.detail[0].type]).toEqual([422, 'json_invalid']);
      const invalid = await usher.rest(method, path, { body: [] });
      expect(invalid.status).toBe(side === 'public' ? 422 : 401);
    }
  });

  test('a missing scope or role, then invalid input', async () => {
    for (const { method, path, body, side, isForManagers } of all) {
      const isUnfit = side === 'admin' || isForManagers;
      if (!isUnfit) continue;
      const token = side === 'admin' ? fixture.tokens.scopeless : fixture.tokens.member;
      const broken = path.replace(/[0-9a-f-]{36}/, 'x');
      const answer = await usher.rest(method, broken, { token, body: body && [] });
      expect(answer.status).toBe(403);
    }
  });

  test('invalid input, then a missing row', async () => {
    const { organization: token } = fixture.tokens;
    const unknown = { subscription_id: randomUUID(), email: 'no address' };
    const answer = await usher.rest('POST', '/v1/customer-seats', { token, body: unknown });
    expect(answer.status).toBe(422);
    const list = `/v1/customer-seats?subscription_id=${randomUUID()}&order_id=x`;
    expect((await usher.rest('GET', list, { token })).status).toBe(422);
  });
});
