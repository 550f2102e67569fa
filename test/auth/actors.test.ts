import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hashToken } from '../../src/auth/token.ts';
import type { Fixture } from '../support/fixture.ts';
import { addToken } from '../support/seats.ts';
import { startSecond } from '../support/second-server.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// The actor of a token is cached briefly.

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

const TTL_MS = 2_000;

async function statusOf(token: string, url = usher.url): Promise<number> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ viewer { kind } }' }),
  });
  return answer.status;
}

const revoke = (token: string) =>
  usher.db.accessToken.update({
    where: { tokenHash: hashToken(token) },
    data: { revokedAt: new Date() },
  });

test('a token that is revoked without a notification is refused after two seconds', async () => {
  const { tokens } = await usher.addFixture();
  // The import clears the cache of the server.
  await vi.waitFor(async () => expect(await statusOf(tokens.organization)).toBe(200));
  await revoke(tokens.organization);
  usher.advance(TTL_MS);
  expect(await statusOf(tokens.organization)).toBe(401);
});

test('a token is not cached past its expiry', async () => {
  const expiresAt = new Date(usher.now().getTime() + 1_000);
  const token = await addToken(usher, fixture, ['customer_seats:read'], { expiresAt });
  expect(await statusOf(token)).toBe(200);
  usher.advance(1_001);
  expect(await statusOf(token)).toBe(401);
});

test('a removed member loses access immediately, and in other processes on their notification', async () => {
  const { ids, tokens } = await usher.addFixture();
  const second = await startSecond(usher);
  try {
    expect([await statusOf(tokens.manager), await statusOf(tokens.manager, second.url)]).toEqual([
      200, 200,
    ]);
    const { data } = await usher.graphql<{ removeMember: { __typename: string } }, object>(
      `mutation { removeMember(input: { memberId: "${ids.manager}" }) { __typename } }`,
      {},
      tokens.organization,
    );
    expect(data?.removeMember.__typename).toBe('RemoveMemberSuccess');
    expect(await statusOf(tokens.manager)).toBe(401);
    await vi.waitFor(async () => expect(await statusOf(tokens.manager, second.url)).toBe(401));
  } finally {
    await second.close();
  }
});

test('a member whose role changes gets the new rights immediately', async () => {
  const { ids, tokens } = await usher.addFixture();
  const assign = () =>
    usher.rest('POST', '/v1/customer-portal/seats', {
      token: tokens.manager,
      body: { subscription_id: ids.subscription, email: 'sam@globex.example' },
    });
  expect((await assign()).status).toBe(200);
  await usher.graphql(
    `mutation { updateMember(input: { memberId: "${ids.manager}", role: MEMBER }) { __typename } }`,
    {},
    tokens.organization,
  );
  expect((await assign()).status).toBe(403);
});
