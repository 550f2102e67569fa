import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { receiveStripeEvent } from '../../examples/stripe-billing.ts';
import { addToken, historyOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const STRIPE_SECRET = 'whsec_test';

/** An event as Stripe sends it, without the keys that nobody reads. */
function eventOf(type: string, created: number, object: object) {
  return JSON.stringify({
    id: `evt_${created}`,
    object: 'event',
    api_version: '2026-09-30.preview',
    created,
    type,
    livemode: false,
    data: { object },
  });
}

function sign(body: string, secret = STRIPE_SECRET, time = Math.floor(Date.now() / 1000)) {
  const mac = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return { body, signature: `t=${time},v1=${mac},v0=ignored` };
}

const START = 1_767_225_600;

const subscription = (status: string, quantity: number) => ({
  id: 'sub_1MowQVLkdIwHu7ixeRlqHVzs',
  object: 'subscription',
  customer: 'cus_Na6dX7aXxi11N4',
  status,
  currency: 'usd',
  items: {
    object: 'list',
    data: [
      {
        id: 'si_Na6dzxczY5fwHx',
        object: 'subscription_item',
        price: { id: 'price_1MowQULkdIwHu7ixraBm864M', product: 'prod_Na6dGcTsmU0I4R' },
        quantity,
      },
    ],
  },
  metadata: {},
});

test("Stripe's events keep the subscription right, in any order", async () => {
  const fixture = await usher.addFixture();
  const usherToken = await addToken(usher, fixture, ['billing:write']);
  const receiver = { stripeSecret: STRIPE_SECRET, usherUrl: usher.url, usherToken };
  const receive = async (type: string, minute: number, object: object) =>
    await receiveStripeEvent(receiver, sign(eventOf(type, START + 60 * minute, object)));
  const find = async () => {
    const { data } = await usher.graphql(
      `{ customerSubscription(externalId: "sub_1MowQVLkdIwHu7ixeRlqHVzs") {
           id status totalSeats customer { email } product { name }
         } }`,
      {},
      fixture.tokens.organization,
    );
    return (data as { customerSubscription: Record<string, unknown> | null }).customerSubscription;
  };
  const customer = { id: 'cus_Na6dX7aXxi11N4', email: 'jenny@hooli.example', name: 'Jenny' };
  const product = { id: 'prod_Na6dGcTsmU0I4R', name: 'Hooli Box' };

  // Stripe sends an event again that came too early.
  expect(await receive('customer.subscription.updated', 2, subscription('active', 5))).toBe(503);
  expect(await find()).toBeNull();
  expect(await receive('product.created', 0, product)).toBe(200);
  expect(await receive('customer.subscription.updated', 2, subscription('active', 5))).toBe(200);
  expect(await receive('customer.created', 0, customer)).toBe(200);
  expect(await receive('customer.subscription.created', 1, subscription('incomplete', 3))).toBe(
    200,
  );
  expect(await receive('invoice.paid', 2, { id: 'in_1' })).toBe(200);
  expect(await find()).toMatchObject({
    status: 'ACTIVE',
    totalSeats: 5,
    customer: { email: 'jenny@hooli.example' },
    product: { name: 'Hooli Box' },
  });

  const source = { subscriptionExternalId: 'sub_1MowQVLkdIwHu7ixeRlqHVzs' };
  const assigned = await usher.graphql(
    `mutation ($source: SeatSourceInput!) {
       assignSeat(input: { source: $source, recipient: { email: "erlich@hooli.example" } }) {
         ... on AssignSeatSuccess { seat { id } }
       }
     }`,
    { source },
    fixture.tokens.organization,
  );
  const { seat } = (assigned.data as { assignSeat: { seat: { id: string } } }).assignSeat;

  // A downgrade below the seats oversells the subscription.
  expect(await receive('customer.subscription.updated', 3, subscription('active', 0))).toBe(200);
  expect(await find()).toMatchObject({ totalSeats: 0 });
  expect(await historyOf(usher, seat.id)).toEqual(['assigned']);

  for (const _ of [1, 2]) {
    expect(await receive('customer.subscription.deleted', 9, subscription('canceled', 5))).toBe(
      200,
    );
    expect(await receive('customer.subscription.updated', 8, subscription('past_due', 5))).toBe(
      200,
    );
  }
  expect(await find()).toMatchObject({ status: 'CANCELED', totalSeats: 5 });
  expect(await historyOf(usher, seat.id)).toEqual(['assigned', 'revoked']);
});

test('an event that Stripe did not sign, or long ago, is refused', async () => {
  const receiver = { stripeSecret: STRIPE_SECRET, usherUrl: usher.url, usherToken: 'none' };
  const body = eventOf('invoice.paid', START, { id: 'in_1' });
  const long = Math.floor(Date.now() / 1000) - 600;
  const signed = sign(body);
  for (const request of [
    sign(body, 'whsec_other'),
    sign(body, STRIPE_SECRET, long),
    { ...signed, body: `${body} ` },
    { body, signature: '' },
  ]) {
    expect(await receiveStripeEvent(receiver, request)).toBe(400);
  }
  expect(await receiveStripeEvent(receiver, signed)).toBe(200);
});
