import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { ClaimedSubscriptionsDocument } from '../support/operations/graphql.ts';
import { givenSeat, switchOff } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function claimed(token: string, query = '') {
  return await usher.rest('GET', `/v1/customer-portal/seats/subscriptions${query}`, { token });
}

async function claimedIds(token: string, query = ''): Promise<string[]> {
  const { body } = await claimed(token, query);
  return body.items.map(({ id }: { id: string }) => id);
}

/** Further subscriptions of the customer, each born a second after the one before. */
async function addSubscriptions(fixture: Fixture, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const { organization: organizationId, product: productId, customer: customerId } = fixture.ids;
  const born = Date.parse('2026-02-01T00:00:00Z');
  await usher.db.subscription.createMany({
    data: ids.map((id, i) => ({
      ...{ id, organizationId, productId, customerId, seats: 5 },
      createdAt: new Date(born + i * 1000),
    })),
  });
  return ids;
}

const ITEM_KEYS =
  'created_at modified_at id amount currency recurring_interval recurring_interval_count status ' +
  'current_period_start current_period_end current_meter_period_start current_meter_period_end ' +
  'trial_start trial_end cancel_at_period_end canceled_at started_at ends_at ended_at past_due_at ' +
  'pause_at_period_end paused_at resumes_at customer_id product_id discount_id checkout_id seats ' +
  'customer_cancellation_reason customer_cancellation_comment product prices meters pending_update';

describe('the subscriptions of which somebody has claimed a seat', () => {
  // Decision 17: the answer is the list envelope, not the bare array of older clients.
  test('come in an envelope, each with its product', async () => {
    const fixture = await usher.addFixture({ seats: 7 });
    await givenSeat(usher, fixture, { member_id: fixture.ids.member, immediate_claim: true });
    const { status, headers, body } = await claimed(fixture.tokens.member);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(Object.keys(body)).toEqual(['items', 'pagination']);
    expect(body.pagination).toEqual({ total_count: 1, max_page: 1 });
    const [item] = body.items;
    expect(Object.keys(item)).toEqual(expect.arrayContaining(ITEM_KEYS.split(' ')));
    expect(item).toMatchObject({
      id: fixture.ids.subscription,
      status: 'active',
      customer_id: fixture.ids.customer,
      product_id: fixture.ids.product,
      checkout_id: fixture.ids.subscriptionCheckout,
      seats: 7,
      prices: [],
      meters: [],
      pending_update: null,
      product: {
        id: fixture.ids.product,
        name: 'Team Pro',
        organization_id: fixture.ids.organization,
        prices: [],
        benefits: [],
        medias: [],
        organization: { id: fixture.ids.organization, slug: fixture.slug, name: 'Acme' },
      },
    });
  });

  test("are a member's own, or all that name the customer", async () => {
    const fixture = await usher.addFixture();
    const { member, owner, customer, otherCustomer } = fixture.tokens;
    await givenSeat(usher, fixture, { member_id: fixture.ids.member, immediate_claim: true });
    expect(await claimedIds(member)).toEqual([fixture.ids.subscription]);
    expect(await claimedIds(owner)).toEqual([]);
    // With the member model a seat's customer is the one who pays.
    expect(await claimedIds(customer)).toEqual([fixture.ids.subscription]);
    expect(await claimedIds(otherCustomer)).toEqual([]);
  });

  test('without the member model are those of the customer who holds the seat', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const holder = { customer_id: fixture.ids.otherCustomer, immediate_claim: true };
    await givenSeat(usher, fixture, holder);
    expect(await claimedIds(fixture.tokens.otherCustomer)).toEqual([fixture.ids.subscription]);
    expect(await claimedIds(fixture.tokens.customer)).toEqual([]);
  });

  test('need a claimed seat, of a subscription that is not deleted', async () => {
    const fixture = await usher.addFixture();
    const { member } = fixture.tokens;
    const seat = await givenSeat(usher, fixture, { member_id: fixture.ids.member });
    await givenSeat(usher, fixture, {
      order_id: fixture.ids.order,
      member_id: fixture.ids.member,
      immediate_claim: true,
    });
    const where = { id: seat.id };
    expect(await claimedIds(member)).toEqual([]);
    await usher.db.customerSeat.updateMany({ where, data: { status: 'claimed' } });
    expect(await claimedIds(member)).toEqual([fixture.ids.subscription]);
    await usher.db.subscription.updateMany({
      where: { id: fixture.ids.subscription },
      data: { deletedAt: new Date() },
    });
    expect(await claimedIds(member)).toEqual([]);
  });

  test('are told whatever is switched off or has ended', async () => {
    const fixture = await usher.addFixture();
    await givenSeat(usher, fixture, { member_id: fixture.ids.member, immediate_claim: true });
    await switchOff(usher, fixture);
    await usher.db.subscription.updateMany({
      where: { id: fixture.ids.subscription },
      data: { status: 'canceled' },
    });
    const { body } = await claimed(fixture.tokens.member);
    expect(body.items).toMatchObject([{ id: fixture.ids.subscription, status: 'canceled' }]);
  });

  test('count once, however many of its seats name the customer', async () => {
    const fixture = await usher.addFixture();
    for (const email of ['a@globex.example', 'b@globex.example']) {
      await givenSeat(usher, fixture, { email, immediate_claim: true });
    }
    const { body } = await claimed(fixture.tokens.customer);
    expect(body.items).toHaveLength(1);
    expect(body.pagination).toEqual({ total_count: 1, max_page: 1 });
  });
});

describe('pages', () => {
  test('of ten unless more or less is asked for, the oldest first, none past the last', async () => {
    const fixture = await usher.addFixture();
    const { member } = fixture.tokens;
    const ids = await addSubscriptions(fixture, 23);
    for (const subscription_id of ids) {
      const holder = { subscription_id, member_id: fixture.ids.member, immediate_claim: true };
      await givenSeat(usher, fixture, holder);
    }
    expect(await claimedIds(member)).toEqual(ids.slice(0, 10));
    expect(await claimedIds(member, '?page=3')).toEqual(ids.slice(20));
    expect(await claimedIds(member, '?limit=%209&page=+2')).toEqual(ids.slice(9, 18));
    expect(await claimedIds(member, '?limit=1000')).toEqual(ids);
    const beyond = await claimed(member, '?page=4');
    expect(beyond.body).toEqual({ items: [], pagination: { total_count: 23, max_page: 3 } });
    const { data } = await usher.graphql(ClaimedSubscriptionsDocument, { first: 2 }, member);
    expect(data?.claimedSubscriptions).toMatchObject({
      totalCount: 23,
      pageInfo: { hasNextPage: true },
      nodes: ids.slice(0, 2).map(id => ({ id, status: 'ACTIVE', product: { name: 'Team Pro' } })),
    });
  });

  test('of nothing are none', async () => {
    const fixture = await usher.addFixture();
    const { text } = await claimed(fixture.tokens.member);
    expect(text).toBe('{"items":[],"pagination":{"total_count":0,"max_page":0}}');
  });

  test('above a hundred items are cut to a hundred', async () => {
    const fixture = await usher.addFixture();
    const ids = await addSubscriptions(fixture, 101);
    const { organization: organizationId, member: memberId } = fixture.ids;
    await usher.db.customerSeat.createMany({
      data: ids.map(subscriptionId => ({
        ...{ id: randomUUID(), organizationId, subscriptionId, memberId, status: 'claimed' },
      })),
    });
    const { body } = await claimed(fixture.tokens.member, '?limit=101');
    expect(body.items).toHaveLength(100);
    expect(body.pagination).toEqual({ total_count: 101, max_page: 2 });
  });

  test.each([
    ['page=0', 'page', 'greater_than'],
    ['limit=-1', 'limit', 'greater_than'],
    ['page=one', 'page', 'int_parsing'],
    ['limit=', 'limit', 'int_parsing'],
  ])('that cannot be: %s', async (query, field, type) => {
    const fixture = await usher.addFixture();
    const { status, body } = await claimed(fixture.tokens.member, `?${query}`);
    expect(status).toBe(422);
    expect(body.detail).toMatchObject([{ type, loc: ['query', field] }]);
  });
});
