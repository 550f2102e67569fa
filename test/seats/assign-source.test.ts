import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FixtureOptions } from '../support/fixture.ts';
import { assign } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

describe('where the seat comes from', () => {
  test('a subscription, an order, or the checkout of either', async () => {
    const fixture = await usher.addFixture();
    const { subscription, order, subscriptionCheckout, orderCheckout } = fixture.ids;
    const sources = [
      [{ subscription_id: subscription }, { subscription_id: subscription, order_id: null }],
      [{ order_id: order }, { subscription_id: null, order_id: order }],
      [{ checkout_id: subscriptionCheckout }, { subscription_id: subscription, order_id: null }],
      [{ checkout_id: orderCheckout }, { subscription_id: null, order_id: order }],
    ] as const;
    for (const [i, [source, expected]] of sources.entries()) {
      const admin = await assign(usher, fixture, { ...source, email: `a${i}@globex.example` });
      expect(admin.body).toMatchObject(expected);
      const portal = await usher.rest('POST', '/v1/customer-portal/seats', {
        token: fixture.tokens.customer,
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
    const fixture = await usher.addFixture();
    const body = { [key]: randomUUID(), email: 'sam@globex.example' };
    const admin = await assign(usher, fixture, body);
    expect([admin.status, admin.body]).toEqual([
      404,
      { error: 'ResourceNotFound', detail: forAdmin },
    ]);
    const token = fixture.tokens.owner;
    const portal = await usher.rest('POST', '/v1/customer-portal/seats', { token, body });
    expect([portal.status, portal.body]).toEqual([
      404,
      { error: 'ResourceNotFound', detail: forPortal },
    ]);
  });

  const refusals: [string, FixtureOptions, Record<string, string>, number, string, string][] = [
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
    const fixture = await usher.addFixture(options);
    const source = 'order' in which ? { order_id: fixture.ids.order } : {};
    const answer = await assign(usher, fixture, { ...source, email: 'sam@globex.example' });
    expect([answer.status, answer.body]).toEqual([status, { error, detail }]);
  });

  // Decision 7: a pool that has ended gives no seats.
  test.each(['canceled', 'unpaid', 'incomplete', 'incomplete_expired'])(
    'a subscription that is %s gives no seat',
    async subscriptionStatus => {
      const fixture = await usher.addFixture({ subscriptionStatus });
      const answer = await assign(usher, fixture, { email: 'sam@globex.example' });
      expect([answer.status, answer.body.error]).toEqual([400, 'SeatNotAvailable']);
    },
  );
  test.each(['draft', 'refunded', 'void'])(
    'an order that is %s gives no seat',
    async orderStatus => {
      const fixture = await usher.addFixture({ orderStatus });
      const answer = await assign(usher, fixture, {
        order_id: fixture.ids.order,
        email: 'sam@globex.example',
      });
      expect([answer.status, answer.body.error]).toEqual([400, 'SeatNotAvailable']);
    },
  );
  test.each(['trialing', 'active', 'past_due', 'paused'])(
    'a subscription that is %s gives seats',
    async subscriptionStatus => {
      const fixture = await usher.addFixture({ subscriptionStatus });
      expect((await assign(usher, fixture, { email: 'sam@globex.example' })).status).toBe(200);
    },
  );

  test('an order without a product gives no seat', async () => {
    const fixture = await usher.addFixture();
    await usher.db.order.updateMany({
      where: { id: fixture.ids.order },
      data: { productId: null },
    });
    const answer = await assign(usher, fixture, {
      order_id: fixture.ids.order,
      email: 'sam@globex.example',
    });
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: 'SeatNotAvailable', detail: 'Container has no associated product' },
    ]);
  });

  test('a full pool says so before it looks at who would get the seat', async () => {
    const fixture = await usher.addFixture({ seats: 1 });
    await assign(usher, fixture, { email: 'sam@globex.example' });
    const answer = await assign(usher, fixture, { customer_id: randomUUID() });
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: 'SeatNotAvailable', detail: `No available seats for ${fixture.ids.subscription}` },
    ]);
  });

  test('a subscription that is not sold by the seat has none', async () => {
    const fixture = await usher.addFixture();
    await usher.db.subscription.updateMany({
      where: { id: fixture.ids.subscription },
      data: { seats: null },
    });
    const answer = await assign(usher, fixture, { email: 'sam@globex.example' });
    expect(answer.body.error).toBe('SeatNotAvailable');
  });
});
