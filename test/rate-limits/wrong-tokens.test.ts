import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNLIMITED } from '../../src/rate-limits/rate-limits.ts';
import type { Fixture } from '../support/fixture.ts';
import { callFrom } from '../support/from-address.ts';
import { tokenOf } from '../support/invitations.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

const LIMIT = 6;
const SEATS = 80;

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher({
    clockStands: true,
    rateLimits: { ...UNLIMITED, wrongTokens: LIMIT },
  });
  fixture = await usher.addFixture({ seats: SEATS });
});
afterAll(() => usher.close());

let last = 10;
const newAddress = () => `127.0.0.${++last}`;

let invited = 0;
async function newInvitation(): Promise<string> {
  const { id } = await givenSeat(usher, fixture, { email: `sam${++invited}@globex.example` });
  return await tokenOf(usher, id);
}

const CLAIM = `mutation($token: String!) {
  claimSeat(input: { invitationToken: $token }) { __typename }
}`;
const INFO = 'query($token: String!) { seatClaimInfo(invitationToken: $token) { canClaim } }';
const CLAIM_PATH = '/v1/customer-seats/claim';

type Call = Parameters<typeof callFrom>[1] & { path: string };

const graphql = (path: string, query: string, token: string): Call => ({
  path,
  body: { query, variables: { token } },
});

/** Every way to use an invitation's token; none changes anything that is used up by a wrong one. */
const WAYS: Record<string, (token: string) => Call> = {
  'REST claim': token => ({ path: CLAIM_PATH, body: { invitation_token: token } }),
  'REST claim info': token => ({ path: `${CLAIM_PATH}/${token}` }),
  'REST claim stream': token => ({ path: `${CLAIM_PATH}/${token}/stream` }),
  'claim page': token => ({ path: `/claim?token=${token}` }),
  'claim page, with a full stop behind the link': token => ({ path: `/claim?token=${token}.` }),
  'claimSeat, fast path': token => graphql('/graphql', CLAIM, token),
  'claimSeat, default path': token => graphql('/graphql?path=default', CLAIM, token),
  'seatClaimInfo, fast path': token => graphql('/graphql', INFO, token),
  'seatClaimInfo by GET': token => ({
    path: `/graphql?query=${encodeURIComponent(INFO)}&variables=${encodeURIComponent(JSON.stringify({ token }))}`,
  }),
};

const wrongToken = () => randomBytes(32).toString('base64url');
const call = ({ path, ...sent }: Call, by: { from?: string; token?: string }) =>
  callFrom(usher.url + path, { ...sent, ...by });

describe.each(Object.entries(WAYS))('%s', (_name, way) => {
  test('with wrong tokens is refused past the limit of its address, until it may come again', async () => {
    const from = newAddress();
    const statuses = async (count: number) => {
      const answers = Array.from({ length: count }, () => call(way(wrongToken()), { from }));
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    const all = await statuses(3 * LIMIT);
    expect(all.filter(status => status === 429)).toHaveLength(2 * LIMIT);
    const refused = await call(way(wrongToken()), { from });
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': '10', ratelimit: '"wrong-invitations";r=0;t=10' },
    });
    usher.advance(10_000);
    expect(await statuses(2)).toContain(429);
    expect((await call(way(wrongToken()), { from: newAddress() })).status).not.toBe(429);
  });

  test('with wrong tokens is refused past the limit of its bearer token, which others at the address do not touch', async () => {
    const from = newAddress();
    const { owner: token, manager } = fixture.tokens;
    // What an earlier test used up.
    usher.advance(60_000);
    for (let i = 0; i < LIMIT; i++) {
      expect((await call(way(wrongToken()), { from, token })).status).not.toBe(429);
    }
    const byPage = way('').path.startsWith('/claim?');
    // The pages read no bearer token, and count by address.
    expect((await call(way(wrongToken()), { from, token })).status).toBe(429);
    if (byPage) return;
    expect((await call(way(wrongToken()), { from, token: manager })).status).not.toBe(429);
    expect((await call(way(wrongToken()), { from })).status).not.toBe(429);
  });
});

test('concurrent valid claims are not refused', async () => {
  const from = newAddress();
  const tokens: string[] = [];
  for (let i = 0; i < 4 * LIMIT; i++) tokens.push(await newInvitation());
  const ways = [WAYS['REST claim'], WAYS['claimSeat, default path']];
  const answers = await Promise.all(
    tokens.map(async (token, i) => {
      const way = ways[i % 2];
      return way && (await call(way(token), { from }));
    }),
  );
  expect(answers.map(answer => answer?.status)).toEqual(Array(tokens.length).fill(200));
});

test('an invitation that was used or has expired is not a wrong token', async () => {
  const from = newAddress();
  const token = await newInvitation();
  const claim = () => callFrom(usher.url + CLAIM_PATH, { from, body: { invitation_token: token } });
  expect((await claim()).status).toBe(200);
  for (let i = 0; i < 2 * LIMIT; i++) expect((await claim()).status).toBe(400);
});

describe('several invitations in one operation', () => {
  const aliases = (tokens: readonly string[], kind: 'claimSeat' | 'seatClaimInfo') =>
    tokens
      .map((token, i) =>
        kind === 'claimSeat'
          ? `a${i}: claimSeat(input: { invitationToken: "${token}" }) { __typename }`
          : `a${i}: seatClaimInfo(invitationToken: "${token}") { canClaim }`,
      )
      .join(' ');
  const send = async (query: string, from: string, path = '/graphql') => {
    const { status, headers, text } = await callFrom(usher.url + path, { from, body: { query } });
    return { status, headers, ...JSON.parse(text) };
  };

  test.each([
    ['claims', 'mutation', 'claimSeat'],
    ['looks', 'query', 'seatClaimInfo'],
  ] as const)('are each counted, before any is executed: %s', async (_name, type, field) => {
    const from = newAddress();
    const right = await newInvitation();
    const tokens = [right, ...Array.from({ length: LIMIT }, wrongToken)];
    const selections = aliases(tokens, field);
    const root = type === 'mutation' ? 'Mutation' : 'Query';
    const inFragments = `${type} { ...A ...B } fragment A on ${root} { ...B } fragment B on ${root} { ${selections} }`;
    for (const query of [`${type} { ${selections} }`, inFragments]) {
      // The fast path knows a document from its second time on.
      for (let i = 0; i < 3; i++) {
        const answer = await send(query, from);
        expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
        expect(answer.data).toBeUndefined();
        expect(answer.errors).toHaveLength(1);
        expect(answer.errors[0]).toMatchObject({
          message: `A request can name at most ${LIMIT} invitations, and this one names ${LIMIT + 1}. Try again in 1 s.`,
          extensions: { code: 'RATE_LIMITED' },
        });
      }
    }
    // Nothing was counted as wrong, and the right one is unused.
    const fitting = aliases([right, ...tokens.slice(1, LIMIT)], field);
    const answer = await send(`${type} { ${fitting} }`, from);
    expect(answer.status).toBe(200);
    expect(answer.data.a0).toEqual(
      field === 'claimSeat' ? { __typename: 'ClaimSeatSuccess' } : { canClaim: true },
    );
    // One is left.
    expect((await send(`${type} { ${aliases(tokens.slice(0, 2), field)} }`, from)).status).toBe(
      429,
    );
    expect((await send(`${type} { ${aliases(tokens.slice(1, 2), field)} }`, from)).status).toBe(
      200,
    );
    expect((await send(`${type} { ${aliases(tokens.slice(1, 2), field)} }`, from)).status).toBe(
      429,
    );
  });
});

describe('wrong bearer tokens', () => {
  const QUERY = { query: '{ viewer { kind } }' };
  const PATHS = {
    '/graphql': QUERY,
    '/graphql?path=default': QUERY,
    [CLAIM_PATH]: { invitation_token: 'x' },
  };

  test.each(Object.entries(PATHS))(
    'are refused past the limit of their address: %s',
    async (path, body) => {
      const from = newAddress();
      const url = usher.url + path;
      for (let i = 0; i < LIMIT; i++) {
        expect((await callFrom(url, { from, body, token: wrongToken() })).status).toBe(401);
      }
      const refused = await callFrom(url, { from, body, token: wrongToken() });
      expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '10' } });
      expect((await callFrom(url, { from: newAddress(), body, token: wrongToken() })).status).toBe(
        401,
      );
      // A right one at the same address is not.
      const { token } = await sessionOf(path);
      expect((await callFrom(url, { from, body, token })).status).toBe(
        path === CLAIM_PATH ? 400 : 200,
      );
    },
  );

  /** A token that this server has not seen yet. */
  async function sessionOf(name: string): Promise<{ token: string }> {
    const { body } = await usher.rest('POST', '/v1/customer-sessions/', {
      token: fixture.tokens.organization,
      body: { customer_id: fixture.ids.customer },
    });
    expect(body.token, name).toBeDefined();
    return body;
  }
});
