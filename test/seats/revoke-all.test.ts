import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordSystem } from '../../src/auth/recorded-actor.ts';
import { transaction } from '../../src/db/transaction.ts';
import { revokeAllSeats } from '../../src/seats/revoke-all.ts';
import type { Fixture } from '../support/fixture.ts';
import { untilWaiting } from '../support/locks.ts';
import { eventsOf, givenSeat, historyOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

const BY_SYSTEM = recordSystem('worker');

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function revokeAll(fixture: Fixture, kind: 'subscription' | 'order'): Promise<number> {
  return await transaction(usher.db, async tx => {
    const organizationId = fixture.ids.organization;
    const pool = { kind, id: fixture.ids[kind], organizationId };
    return (await revokeAllSeats(tx, pool, BY_SYSTEM, new Date())).length;
  });
}

async function list(fixture: Fixture, kind: 'subscription' | 'order') {
  const path = `/v1/customer-seats?${kind}_id=${fixture.ids[kind]}`;
  return (await usher.rest('GET', path, { token: fixture.tokens.organization })).body;
}

// Decision 9 holds for each of them: the event names the former holder.
test.each([
  ['subscription', true],
  ['order', false],
] as const)(
  'every live seat of a %s is revoked, with an event each (member model: %s)',
  async (kind, memberModelEnabled) => {
    const fixture = await usher.addFixture({ memberModelEnabled, seats: 4 });
    const source = kind === 'order' ? { order_id: fixture.ids.order } : {};
    const seats: { id: string }[] = [];
    for (const [i, immediate_claim] of [false, true, false, false].entries()) {
      const email = `p${i}@globex.example`;
      seats.push(await givenSeat(usher, fixture, { ...source, email, immediate_claim }));
    }
    const [pending, claimed, gone] = seats.map(({ id }) => id);
    const { organization } = fixture.tokens;
    await usher.rest('DELETE', `/v1/customer-seats/${gone}`, { token: organization });
    const elsewhere = await givenSeat(usher, fixture, {
      ...(kind === 'order' ? {} : { order_id: fixture.ids.order }),
      email: 'p0@globex.example',
    });

    expect(await revokeAll(fixture, kind)).toBe(3);
    const { seats: after, available_seats } = await list(fixture, kind);
    expect(available_seats).toBe(4);
    expect(after.map(({ status }: { status: string }) => status)).toEqual(
      Array.from({ length: 4 }, () => 'revoked'),
    );
    expect(await historyOf(usher, pending ?? '')).toEqual(['assigned', 'revoked']);
    expect(await historyOf(usher, claimed ?? '')).toEqual(['claimed', 'revoked']);
    expect(await historyOf(usher, gone ?? '')).toEqual(['assigned', 'revoked']);
    expect((await eventsOf(usher, claimed ?? '')).at(-1)?.payload).toMatchObject({
      id: claimed,
      status: 'revoked',
      customer_id: null,
      customer_email: 'p1@globex.example',
      member: { email: 'p1@globex.example' },
    });
    // The other pool of the same customer keeps its seats.
    expect(await historyOf(usher, elsewhere.id)).toEqual(['assigned']);
    expect(await revokeAll(fixture, kind)).toBe(0);
  },
);

test('the pool of a blocked organization is emptied too, and its flag does not matter', async () => {
  const fixture = await usher.addFixture();
  const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  await usher.db.organization.update({
    where: { id: fixture.ids.organization },
    data: { status: 'blocked', seatBasedPricingEnabled: false },
  });
  expect(await revokeAll(fixture, 'subscription')).toBe(1);
  const row = await usher.db.customerSeat.findFirstOrThrow({ where: { id: seat.id } });
  expect(row).toMatchObject({ status: 'revoked', customerId: null, memberId: null, email: null });
});

test('a claim that is under way is waited for, and then revoked too', async () => {
  const fixture = await usher.addFixture();
  const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const claimed = gate();
  const committed = gate();
  const claim = transaction(usher.db, async tx => {
    const data = { status: 'claimed', claimedAt: new Date() } as const;
    await tx.customerSeat.updateMany({ where: { id }, data });
    claimed.open();
    await committed.opened;
  });
  await claimed.opened;
  const revoked = revokeAll(fixture, 'subscription');
  await untilWaiting(usher);
  committed.open();
  await claim;
  expect(await revoked).toBe(1);
  expect((await eventsOf(usher, id)).at(-1)?.payload).toMatchObject({
    status: 'revoked',
    claimed_at: expect.any(String),
  });
});

/** Something to wait for. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

test('either all are revoked or none', async () => {
  const fixture = await usher.addFixture();
  const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const failing = transaction(usher.db, async tx => {
    const { organization: organizationId, subscription: id } = fixture.ids;
    await revokeAllSeats(tx, { kind: 'subscription', id, organizationId }, BY_SYSTEM, new Date());
    throw new Error('something else fails');
  });
  await expect(failing).rejects.toThrow('something else fails');
  expect(await historyOf(usher, seat.id)).toEqual(['assigned']);
  expect((await list(fixture, 'subscription')).seats).toMatchObject([{ status: 'pending' }]);
});
