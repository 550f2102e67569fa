import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilWaiting } from '../support/locks.ts';
import { assign, givenSeat } from '../support/seats.ts';
import { type RestAnswer, startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';

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
    const world = await usher.addWorld();
    let delayed: Promise<RestAnswer> | undefined;
    await whileHeld('members', world.ids.member, async () => {
      delayed = assign(usher, world, { member_id: world.ids.member });
      await untilWaiting(usher);
      for (const name of ['a', 'b', 'c']) {
        const body = { order_id: world.ids.order, email: `${name}@globex.example` };
        // Were it to wait, it would wait until the transaction is over.
        expect((await assign(usher, world, body)).status).toBe(200);
      }
    });
    expect((await delayed)?.status).toBe(200);
  });
});

describe('a session and the rows of another customer', () => {
  const verbs: [string, (world: World, seatId: string) => Promise<RestAnswer>][] = [
    [
      'assign by subscription',
      (world, _) => portal(world, { subscription_id: world.ids.subscription }),
    ],
    ['assign by order', (world, _) => portal(world, { order_id: world.ids.order })],
    [
      'assign by checkout',
      (world, _) => portal(world, { checkout_id: world.ids.subscriptionCheckout }),
    ],
    ['revoke', (world, id) => request('DELETE', world, `/${id}`)],
    ['resend', (world, id) => request('POST', world, `/${id}/resend`)],
  ];

  async function request(method: 'POST' | 'DELETE', world: World, path: string, body?: object) {
    const token = world.tokens.otherCustomer;
    return await usher.rest(method, `/v1/customer-portal/seats${path}`, {
      token,
      ...(body && { body }),
    });
  }
  const portal = (world: World, body: object) =>
    request('POST', world, '', { ...body, member_id: world.ids.member });

  test.each(verbs)(
    '%s: waits for none of them, and answers as for rows that do not exist',
    async (_, verb) => {
      const world = await usher.addWorld();
      const seat = await givenSeat(usher, world, { email: 'sam@globex.example' });
      const ids = {
        ...world.ids,
        subscription: randomUUID(),
        order: randomUUID(),
        subscriptionCheckout: randomUUID(),
      };
      const expected = await verb({ ...world, ids }, randomUUID());
      expect(expected.status).toBe(404);
      const held = [
        ['members', world.ids.member],
        ['subscriptions', world.ids.subscription],
        ['orders', world.ids.order],
        ['customer_seats', seat.id],
      ] as const;
      for (const [table, id] of held) {
        const answer = await whileHeld(table, id, () => verb(world, seat.id));
        expect([table, answer.status, answer.body]).toEqual([table, 404, expected.body]);
      }
    },
  );

  test.each(verbs)('%s: locks none of them', async (_, verb) => {
    const world = await usher.addWorld();
    const seat = await givenSeat(usher, world, { email: 'sam@globex.example' });
    await usher.db
      .$executeRaw`UPDATE customer_seats SET metadata = '{}' WHERE id = ${seat.id}::uuid`;
    const lockersOf = async () =>
      await usher.db.$queryRaw<{ locker: string }[]>`
      SELECT xmax::text AS locker FROM subscriptions WHERE id = ${world.ids.subscription}::uuid
      UNION ALL SELECT xmax::text FROM orders WHERE id = ${world.ids.order}::uuid
      UNION ALL SELECT xmax::text FROM members WHERE id = ${world.ids.member}::uuid
      UNION ALL SELECT xmax::text FROM customer_seats WHERE id = ${seat.id}::uuid`;
    const before = await lockersOf();
    expect((await verb(world, seat.id)).status).toBe(404);
    expect(await lockersOf()).toEqual(before);
  });
});
