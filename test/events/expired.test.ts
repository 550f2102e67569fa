import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashToken } from '../../src/auth/token.ts';
import { createExpiryJob } from '../../src/events/expired.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const { signal } = new AbortController();
const ago = (ms: number) => new Date(usher.now().getTime() - ms);

test('expired sessions are deleted in batches', async () => {
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
  const job = createExpiryJob({ db: usher.db, now: usher.now });
  expect(await job.run(signal)).toBe(true);
  expect(await usher.db.memberSession.count({ where: ofMember })).toBeGreaterThan(600);
  while (await job.run(signal));

  expect(await usher.db.memberSession.count()).toBe(open);
  expect(await usher.db.customerSession.count()).toBe(2);
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
