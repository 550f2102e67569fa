import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createArchiveJob } from '../../src/events/archive.ts';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { update } from '../members/calls.ts';
import { checkPool } from '../support/invariants.ts';
import { tokenOf } from '../support/invitations.ts';
import { untilWaiting } from '../support/locks.ts';
import { givenSeat } from '../support/seats.ts';
import { inRounds, race } from '../support/seeded.ts';
import { placesOf } from '../support/stored-text.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { verbsOf } from '../support/verbs.ts';
import { dataOf, erase } from './calls.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
  // A deadlock fails the test: it becomes a lock timeout and a 503, which no test expects.
  const client = new pg.Client({ connectionString: usher.databaseUrl });
  await client.connect();
  const name = new URL(usher.databaseUrl).pathname.slice(1);
  await client.query(`ALTER DATABASE ${name} SET deadlock_timeout = '60s'`);
  await client.end();
});
afterAll(() => usher.close());

const SAM = 'sam@globex.example';
const { signal } = new AbortController();

/** Checks that each live seat has a member who was not erased, with the seat's address, and that nothing else has the address. */
async function checkNothingOfTheErased(organizationId: string, memberIds: readonly string[]) {
  const seats = await usher.db.customerSeat.findMany({
    where: { organizationId, status: { not: 'revoked' } },
    include: { member: true },
  });
  for (const { member, email } of seats) {
    expect(member).toMatchObject({ deletedAt: null, email });
    expect(memberIds).not.toContain(member?.id);
  }
  const erased = await usher.db.member.findMany({
    where: { organizationId, id: { in: [...memberIds] } },
  });
  for (const { id, email, deletedAt } of erased) {
    expect(email).toBe(`erased-${id}@erased.invalid`);
    expect(deletedAt).not.toBeNull();
  }
  const tables = [usher.db.outboxEvent, usher.db.archivedEvent] as const;
  for (const table of tables) {
    const events = await (table as typeof usher.db.outboxEvent).findMany({
      where: { organizationId },
    });
    for (const { payload } of events) {
      const { member } = payload as { member: { id: string } | null };
      if (!memberIds.includes(member?.id ?? '')) continue;
      expect(JSON.stringify(payload)).not.toMatch(/sam@/);
    }
  }
  return seats;
}

test.each(['rest', 'graphql'] as const)(
  'a person is erased although their seats change at the same time, over %s',
  async api => {
    await inRounds(12, async random => {
      const fixture = await usher.addFixture({ seats: 4 });
      const { ids, tokens } = fixture;
      const pending = await givenSeat(usher, fixture, { email: SAM });
      const claimed = await givenSeat(usher, fixture, {
        ...{ email: SAM, order_id: ids.order, immediate_claim: true },
      });
      const token = await tokenOf(usher, pending.id);
      const verbs = verbsOf(usher, api);
      const caller = { token: tokens.organization, side: 'admin' } as const;
      const subscription = { kind: 'subscription', id: ids.subscription } as const;
      const order = { kind: 'order', id: ids.order } as const;
      const memberId = String(pending.member_id);
      const outcomes = await race<{ word: string }>(random, [
        async () => {
          await erase(usher, tokens.organization, random.pick([{ email: SAM }, { memberId }]));
          return { word: 'ok' };
        },
        () => verbs.claim(token),
        () => verbs.resend(caller, pending.id),
        () => verbs.revoke(caller, claimed.id),
        () => verbs.assign(caller, subscription, SAM),
        () => verbs.assign(caller, order, SAM),
        () => update(usher, tokens.organization, { memberId, name: 'sam@his.example' }),
        async () => {
          const { db, now } = usher;
          while (await createFanOutJob({ db, now }).run(signal));
          const later = () => new Date(now().getTime() + 60_000);
          await createArchiveJob({ db, now: later, retentionDays: 0 }).run(signal);
          return { word: 'ok' };
        },
      ]);
      const expected =
        /^(ok|InvalidInvitationToken|SeatNotPending|SeatNotLive|SeatAlreadyAssigned|ResourceNotFound)$/;
      for (const { word } of outcomes) expect(word).toMatch(expected);
      const live = await checkNothingOfTheErased(ids.organization, [memberId]);
      // Seats that were assigned after the erasure are of a new person, who can be erased.
      await erase(usher, tokens.organization, { email: SAM });
      expect(await dataOf(usher, tokens.organization, { email: SAM })).toBeNull();
      expect(live.length).toBeLessThanOrEqual(2);
      const { seatsUsed } = await usher.db.order.findFirstOrThrow({ where: { id: ids.order } });
      expect(seatsUsed).toBe(0);
    });
  },
);

test('a seat that the person gets while the erasure waits is revoked too', async () => {
  const fixture = await usher.addFixture();
  const { ids, tokens } = fixture;
  await givenSeat(usher, fixture, { email: SAM });
  const holder = new pg.Client({ connectionString: usher.databaseUrl });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT FROM subscriptions WHERE id = $1 FOR UPDATE', [ids.subscription]);
  const erasing = erase(usher, tokens.organization, { email: SAM });
  await untilWaiting(usher);
  const late = await givenSeat(usher, fixture, {
    ...{ email: SAM, order_id: ids.order, metadata: { phone: '+1 555 0147 33' } },
  });
  await holder.query('COMMIT');
  await holder.end();
  const { revokedSeats } = await erasing;
  expect(revokedSeats).toHaveLength(2);
  expect(revokedSeats).toContainEqual(expect.objectContaining({ id: late.id }));
  expect(await placesOf(usher, '+1 555 0147 33')).toEqual([]);
  await checkPool(usher, { kind: 'order', id: ids.order });
});

test('two erasures of one person do not conflict', async () => {
  await inRounds(8, async random => {
    const fixture = await usher.addFixture();
    const { organization: token } = fixture.tokens;
    await givenSeat(usher, fixture, { email: SAM });
    await givenSeat(usher, fixture, { email: SAM, order_id: fixture.ids.order });
    const erased = await race(
      random,
      [1, 2, 3].map(() => () => erase(usher, token, { email: SAM })),
    );
    const revoked = erased.map(({ revokedSeats }) => revokedSeats.length);
    expect(revoked.toSorted()).toEqual([0, 0, 2]);
    await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  });
});
