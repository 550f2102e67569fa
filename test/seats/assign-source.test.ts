import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assign } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { WorldOptions } from '../support/world.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

describe('where the seat comes from', () => {
  test('a subscription, an order, or the checkout of either', async () => {
    const world = await usher.addWorld();
    const { subscription, order, subscriptionCheckout, orderCheckout } = world.ids;
    const sources = [
      [{ subscription_id: subscription }, { subscription_id: subscription, order_id: null }],
      [{ order_id: order }, { subscription_id: null, order_id: order }],
      [{ checkout_id: subscriptionCheckout }, { subscription_id: subscription, order_id: null }],
      [{ checkout_id: orderCheckout }, { subscription_id: null, order_id: order }],
    ] as const;
    for (const [i, [source, expected]] of sources.entries()) {
      const admin = await assign(usher, world, { ...source, email: `a${i}@globex.example` });
      expect(admin.body).toMatchObject(expected);
      const portal = await usher.rest('POST', '/v1/customer-portal/seats', {
        token: world.tokens.customer,
        body: { ...source, email: `p${i}@globex.example` },
      });
      expect(portal.body).toMatchObject(expected);
    }
  });

  test.each([
    ['subscription_id', 'Subscription not found', 'Subscription not found'],
    ['order_id', 'Order not found', 'Order not found'],
    ['checkout_id', 'Checkout not found', 'No subscription or order found for this checkout'],
  ])('an unknown %s is not found', async (key, forAdmin, forPortal) => {
    const world = await usher.addWorld();
    const body = { [key]: randomUUID(), email: 'sam@globex.example' };
    const admin = await assign(usher, world, body);
    expect([admin.status, admin.body]).toEqual([
      404,
      { error: 'ResourceNotFound', detail: forAdmin },
    ]);
    const token = world.tokens.owner;
    const portal = await usher.rest('POST', '/v1/customer-portal/seats', { token, body });
    expect([portal.status, portal.body]).toEqual([
      404,
      { error: 'ResourceNotFound', detail: forPortal },
    ]);
  });

  const refusals: [string, WorldOptions, Record<string, string>, number, string, string][] = [
    [
      'flag off',
      { seatBasedPricingEnabled: false },
      {},
      403,
      'FeatureNotEnabled',
      'Seat-based pricing is not enabled for this organization',
    ],
    [
      'order pending',
      { orderStatus: 'pending' },
      { order: '' },
      400,
      'SeatNotAvailable',
      'Order must be paid before assigning seats',
    ],
  ];
  test.each(refusals)('%s', async (_name, options, which, status, error, detail) => {
    const world = await usher.addWorld(options);
    const source = 'order' in which ? { order_id: world.ids.order } : {};
    const answer = await assign(usher, world, { ...source, email: 'sam@globex.example' });
    expect([answer.status, answer.body]).toEqual([status, { error, detail }]);
  });

  // Decision 7: a pool that has ended gives no seats.
  test.each(['canceled', 'unpaid', 'incomplete', 'incomplete_expired'])(
    'a subscription that is %s gives no seat',
    async subscriptionStatus => {
      const world = await usher.addWorld({ subscriptionStatus });
      const answer = await assign(usher, world, { email: 'sam@globex.example' });
      expect([answer.status, answer.body.error]).toEqual([400, 'SeatNotAvailable']);
    },
  );
  test.each(['draft', 'refunded', 'void'])(
    'an order that is %s gives no seat',
    async orderStatus => {
      const world = await usher.addWorld({ orderStatus });
      const answer = await assign(usher, world, {
        order_id: world.ids.order,
        email: 'sam@globex.example',
      });
      expect([answer.status, answer.body.error]).toEqual([400, 'SeatNotAvailable']);
    },
  );
  test.each(['trialing', 'active', 'past_due', 'paused'])(
    'a subscription that is %s gives seats',
    async subscriptionStatus => {
      const world = await usher.addWorld({ subscriptionStatus });
      expect((await assign(usher, world, { email: 'sam@globex.example' })).status).toBe(200);
    },
  );

  test('an order without a product gives no seat', async () => {
    const world = await usher.addWorld();
    await usher.db.order.updateMany({ where: { id: world.ids.order }, data: { productId: null } });
    const answer = await assign(usher, world, {
      order_id: world.ids.order,
      email: 'sam@globex.example',
    });
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: 'SeatNotAvailable', detail: 'Container has no associated product' },
    ]);
  });

  test('a full pool says so before it looks at who would get the seat', async () => {
    const world = await usher.addWorld({ seats: 1 });
    await assign(usher, world, { email: 'sam@globex.example' });
    const answer = await assign(usher, world, { customer_id: randomUUID() });
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: 'SeatNotAvailable', detail: `No available seats for ${world.ids.subscription}` },
    ]);
  });

  test('a subscription that is not sold by the seat has none', async () => {
    const world = await usher.addWorld();
    await usher.db.subscription.updateMany({
      where: { id: world.ids.subscription },
      data: { seats: null },
    });
    const answer = await assign(usher, world, { email: 'sam@globex.example' });
    expect(answer.body.error).toBe('SeatNotAvailable');
  });
});
