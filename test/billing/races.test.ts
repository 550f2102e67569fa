import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { range } from '../support/parallel.ts';
import { assign } from '../support/seats.ts';
import { inRounds, race } from '../support/seeded.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

/** Tells of the subscription and of the order at the same time, in the one order or the other. */
async function tell(
  { ids, tokens }: Fixture,
  minute: number,
  pool: { seats: number; status?: string },
  when_too_small = 'refuse',
) {
  const who = { product_id: ids.product, customer_id: ids.customer, seats: pool.seats };
  return await usher.rest('PUT', '/v1/billing', {
    token: tokens.organization,
    body: {
      as_of: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
      when_too_small,
      subscriptions: [{ ...who, id: ids.subscription, status: pool.status ?? 'active' }],
      orders: [{ ...who, id: ids.order, status: 'paid' }],
    },
  });
}

const assignTo = (fixture: Fixture, i: number) =>
  assign(usher, fixture, {
    ...(i % 2 === 0 ? {} : { order_id: fixture.ids.order }),
    email: `person${i}@x.example`,
  });

test('pools that get smaller while seats are assigned are refused, or fit', async () => {
  await inRounds(3, async random => {
    const fixture = await usher.addFixture({ seats: 8 });
    const answers = await race(random, [
      ...range(16).map(i => async () => (await assignTo(fixture, i)).status),
      ...range(6).map(i => async () => (await tell(fixture, i, { seats: 2 + i })).status),
    ]);
    expect(answers.filter(status => ![200, 400, 409].includes(status))).toEqual([]);
    await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
    await checkPool(usher, { kind: 'order', id: fixture.ids.order });
  });
});

test('an oversold pool gets no seat, even from those who ask at the same time', async () => {
  await inRounds(3, async random => {
    const fixture = await usher.addFixture({ seats: 4 });
    await race(random, [
      ...range(16).map(i => () => assignTo(fixture, i)),
      ...range(4).map(i => () => tell(fixture, i, { seats: 1 }, 'oversell')),
    ]);
    const pool = await usher.db.subscription.findFirstOrThrow({
      where: { id: fixture.ids.subscription },
    });
    expect(pool.seats).toBe(1);
    expect(pool.seatsUsed).toBeLessThanOrEqual(4);
    expect((await assignTo(fixture, 100)).body).toMatchObject({ error: 'SeatNotAvailable' });
  });
});

test('a pool that ends while seats are assigned keeps none, and loses each once', async () => {
  await inRounds(3, async random => {
    const fixture = await usher.addFixture({ seats: 8 });
    const canceled = { seats: 8, status: 'canceled' };
    const answers = await race(random, [
      ...range(12).map(i => async () => (await assignTo(fixture, 2 * i)).status),
      ...range(3).map(() => async () => (await tell(fixture, 5, canceled)).status),
      ...range(3).map(i => async () => (await tell(fixture, i, { seats: 8 })).status),
    ]);
    expect(answers.filter(status => ![200, 400].includes(status))).toEqual([]);
    const seats = await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
    expect(seats.filter(({ status }) => status !== 'revoked')).toEqual([]);
    const where = { seatId: { in: seats.map(({ id }) => id) }, type: 'customer_seat.revoked' };
    expect(await usher.db.outboxEvent.count({ where })).toBe(seats.length);
  });
});
