import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashToken, newToken } from '../src/auth/token.ts';
import { type Endpoint, endpoints, namesIn } from './support/endpoints.ts';
import { addToken, givenSeat } from './support/seats.ts';
import { type RestAnswer, startUsher, type TestUsher } from './support/usher.ts';
import type { World } from './support/world.ts';

let usher: TestUsher;
let world: World;
let all: Endpoint[];
beforeAll(async () => {
  usher = await startUsher();
  world = await usher.addWorld();
  const seat = await givenSeat(usher, world, { email: 'sam@globex.example' });
  all = endpoints(namesIn(world, seat.id, 'no-invitation'));
});
afterAll(() => usher.close());

async function call({ method, path, body }: Endpoint, headers: Record<string, string> = {}) {
  return await usher.rest(method, path, { body, headers });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** An answer as far as this file speaks of it. */
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

// Decision 12: the realm is usher's own, here and below.
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

/** Tokens that were good once, each with what became of it. */
async function badTokens(): Promise<[string, string][]> {
  const past = new Date(Date.now() - 1000);
  const dead = new Date();
  const team = await usher.addWorld();
  const person = await usher.addWorld();
  const block = await usher.addWorld({ status: 'blocked' });
  const gone = await usher.addWorld();
  const { customer, owner } = team.ids;
  await usher.db.member.updateMany({ where: { id: owner }, data: { deletedAt: dead } });
  await usher.db.customer.updateMany({ where: { id: customer }, data: { deletedAt: dead } });
  await usher.db.user.update({ where: { id: person.ids.user }, data: { deletedAt: dead } });
  const where = { id: gone.ids.organization };
  await usher.db.organization.update({ where, data: { deletedAt: dead } });
  return [
    ['expired', world.tokens.expired],
    ['expired this second', await addToken(usher, world, [], { expiresAt: new Date() })],
    ['expired session', world.tokens.expiredSession],
    ['revoked', await addToken(usher, world, [], { revokedAt: past })],
    ['of a deleted customer', team.tokens.customer],
    ['of a deleted member', team.tokens.owner],
    ["of a deleted customer's member", team.tokens.manager],
    ['of a deleted user', person.tokens.personal],
    ['of a blocked organization', block.tokens.organization],
    ['of a deleted organization', gone.tokens.organization],
    ['unknown', newToken('organization')],
    ['in capitals', world.tokens.organization.toUpperCase()],
    ['cut short', world.tokens.organization.slice(0, -1)],
    ['malformed', 'not a token'],
    ['a hash', Buffer.from(hashToken(world.tokens.organization)).toString('hex')],
  ];
}

test('a bad token is refused alike on every endpoint, public, unknown and malformed ones too', async () => {
  const tokens = await badTokens();
  const [, expired = ''] = tokens[0] ?? [];
  for (const [name, token] of tokens) {
    const [assign] = all;
    if (assign) expect([name, essence(await call(assign, bearer(token)))]).toEqual([name, INVALID_TOKEN]);
  }
  for (const endpoint of [
    ...all,
    { ...all[0], name: 'unknown', method: 'GET', path: '/v1/nothing', body: undefined },
    { ...all[0], name: 'malformed', method: 'DELETE', path: '/v1/customer-seats/x' },
  ] as const) {
    const answer = await usher.rest(endpoint.method, endpoint.path, { headers: bearer(expired) });
    expect([endpoint.name, essence(answer)]).toEqual([endpoint.name, INVALID_TOKEN]);
  }
});
