import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashToken } from '../../src/auth/token.ts';
import { createExpiryJob } from '../../src/events/expired.ts';
import { addToken } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const DAY_MS = 24 * 60 * 60_000;
const { signal } = new AbortController();
const ago = (ms: number) => new Date(usher.now().getTime() - ms);

test('expired sessions and tokens that expired long ago are deleted in batches', async () => {
  const fixture = await usher.addFixture();
  const { organization: organizationId, customer: customerId, member: memberId } = fixture.ids;
  const ofMember = { organizationId, customerId, memberId };
  const many = Array.from({ length: 1_200 }, () => ({
    ...ofMember,
    tokenHash: hashToken(randomUUID()),
    expiresAt: ago(1_000),
  }));
  await usher.db.memberSession.createMany({ data: many });
  await usher.db.customerSession.create({
    data: { organizationId, customerId, tokenHash: hashToken('old'), expiresAt: ago(1_000) },
  });
  const open = await usher.db.memberSession.count({ where: { expiresAt: { gt: usher.now() } } });
  const scopes = ['customer_seats:read'];
  const [longExpired, justExpired, longRevoked] = [
    await addToken(usher, fixture, scopes, { expiresAt: ago(31 * DAY_MS) }),
    await addToken(usher, fixture, scopes, { expiresAt: ago(29 * DAY_MS) }),
    await addToken(usher, fixture, scopes, { revokedAt: ago(90 * DAY_MS) }),
  ];

  const job = createExpiryJob({ db: usher.db, now: usher.now, retentionDays: 30 });
  expect(await job.run(signal)).toBe(true);
  expect(await usher.db.memberSession.count({ where: ofMember })).toBeGreaterThan(600);
  while (await job.run(signal));

  expect(await usher.db.memberSession.count()).toBe(open);
  expect(await usher.db.customerSession.count()).toBe(2);
  const left = async (token: string) =>
    await usher.db.accessToken.count({ where: { tokenHash: hashToken(token) } });
  expect([await left(longExpired), await left(justExpired), await left(longRevoked)]).toEqual([
    0, 1, 1,
  ]);
  for (const token of [
    fixture.tokens.member,
    fixture.tokens.customer,
    fixture.tokens.organization,
  ]) {
    const { data } = await usher.graphql<{ viewer: object | null }, object>(
      '{ viewer { kind } }',
      {},
      token,
    );
    expect(data?.viewer).not.toBeNull();
  }
});
