import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { untilWaiting } from '../support/locks.ts';
import { assign, givenSeat } from '../support/seats.ts';
import { type RestAnswer, startUsher, type TestUsher } from '../support/usher.ts';

// A row that another transaction holds delays those who need it, and nobody else.

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

/** Does the work while another transaction holds a row of the table. */
async function whileHeld<Result>(
  table: 'members' | 'subscriptions' | 'orders' | 'customer_seats',
  id: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return await usher.db.$transaction(
    async tx => {
      await tx.$queryRawUnsafe(`SELECT 1 FROM ${table} WHERE id = $1::uuid FOR UPDATE`, id);
      return await work();
    },
    { timeout: 20_000 },
  );
}

describe('a member whose row is held', () => {
  test('delays their own assignment, and no other of the organization', async () => {
    const fixture = await usher.addFixture();
    let delayed: Promise<RestAnswer> | undefined;
    await whileHeld('members', fixture.ids.member, async () => {
      delayed = assign(usher, fixture, { member_id: fixture.ids.member });
      await untilWaiting(usher);
      for (const name of ['a', 'b', 'c']) {
        const body = { order_id: fixture.ids.order, email: `${name}@globex.example` };
        // Were it to wait, it would wait until the transaction is over.
        expect((await assign(usher, fixture, body)).status).toBe(200);
      }
    });
    expect((await delayed)?.status).toBe(200);
  });
});

describe('a session and the rows of another customer', () => {
  const verbs: [string, (fixture: Fixture, seatId: string) => Promise<RestAnswer>][] = [
    [
      'assign by subscription',
      (fixture, _) => portal(fixture, { subscription_id: fixture.ids.subscription }),
    ],
    ['assign by order', (fixture, _) => portal(fixture, { order_id: fixture.ids.order })],
    [
      'assign by checkout',
      (fixture, _) => portal(fixture, { checkout_id: fixture.ids.subscriptionCheckout }),
    ],
    ['revoke', (fixture, id) => request('DELETE', fixture, `/${id}`)],
    ['resend', (fixture, id) => request('POST', fixture, `/${id}/resend`)],
  ];

  async function request(method: 'POST' | 'DELETE', fixture: Fixture, path: string, body?: object) {
    const token = fixture.tokens.otherCustomer;
    return await usher.rest(method, `/v1/customer-portal/seats${path}`, {
      token,
      ...(body && { body }),
    });
  }
  const portal = (fixture: Fixture, body: object) =>
    request('POST', fixture, '', { ...body, member_id: fixture.ids.member });

  test.each(verbs)(
    '%s: waits for none of them, and answers as for rows that do not exist',
    async (_, verb) => {
      const fixture = await usher.addFixture();
      const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
      const ids = {
        ...fixture.ids,
        subscription: randomUUID(),
        order: randomUUID(),
        subscriptionCheckout: randomUUID(),
      };
      const expected = await verb({ ...fixture, ids }, randomUUID());
      expect(expected.status).toBe(404);
      const held = [
        ['members', fixture.ids.member],
        ['subscriptions', fixture.ids.subscription],
        ['orders', fixture.ids.order],
        ['customer_seats', seat.id],
      ] as const;
      for (const [table, id] of held) {
        const answer = await whileHeld(table, id, () => verb(fixture, seat.id));
        expect([table, answer.status, answer.body]).toEqual([table, 404, expected.body]);
      }
    },
  );

  test.each(verbs)('%s: locks none of them', async (_, verb) => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await usher.db
      .$executeRaw`UPDATE customer_seats SET metadata = '{}' WHERE id = ${seat.id}::uuid`;
    const lockersOf = async () =>
      await usher.db.$queryRaw<{ locker: string }[]>`
      SELECT xmax::text AS locker FROM subscriptions WHERE id = ${fixture.ids.subscription}::uuid
      UNION ALL SELECT xmax::text FROM orders WHERE id = ${fixture.ids.order}::uuid
      UNION ALL SELECT xmax::text FROM members WHERE id = ${fixture.ids.member}::uuid
      UNION ALL SELECT xmax::text FROM customer_seats WHERE id = ${seat.id}::uuid`;
    const before = await lockersOf();
    expect((await verb(fixture, seat.id)).status).toBe(404);
    expect(await lockersOf()).toEqual(before);
  });
});
