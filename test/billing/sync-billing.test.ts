import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { SyncBillingDocument, type SyncBillingInput } from '../support/operations/graphql.ts';
import { addToken, assign, givenSeat, historyOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

async function sync(
  fixture: Fixture,
  input: Partial<SyncBillingInput>,
  token = fixture.tokens.organization,
) {
  const { data, errors } = await usher.graphql(
    SyncBillingDocument,
    { input: { asOf: at(1), ...input } },
    token,
  );
  expect(errors).toBeUndefined();
  return data?.syncBilling;
}

const subscriptionOf = ({ ids }: Fixture, more: object = {}) => ({
  id: ids.subscription,
  productId: ids.product,
  customerId: ids.customer,
  status: 'ACTIVE' as const,
  ...more,
});

const orderOf = ({ ids }: Fixture, more: object = {}) => ({
  id: ids.order,
  productId: ids.product,
  customerId: ids.customer,
  status: 'PAID' as const,
  ...more,
});

async function poolOf({ ids }: Fixture) {
  return await usher.db.subscription.findFirstOrThrow({ where: { id: ids.subscription } });
}

describe('what the billing system tells', () => {
  test('is created and changed, and counts once', async () => {
    const fixture = await usher.addFixture();
    const [product, customer, subscription, order] = [1, 2, 3, 4].map(() => randomUUID());
    const input = {
      customers: [{ id: customer, email: 'pay@umbrella.example', name: 'Umbrella' }],
      products: [{ id: product, name: 'Design' }],
      subscriptions: [
        { id: subscription, productId: product, customerId: customer, seats: 7, status: 'ACTIVE' },
      ],
      orders: [{ id: order, customerId: customer, seats: null, status: 'PENDING' }],
    } as Partial<SyncBillingInput>;
    expect(await sync(fixture, input)).toEqual({
      changedCount: 4,
      staleCount: 0,
      revokedCount: 0,
      pools: [
        { id: subscription, externalId: null, totalSeats: 7, availableSeats: 7 },
        { id: order, externalId: null, totalSeats: 0, availableSeats: 0 },
      ],
    });
    const again = { changedCount: 0, pools: [], revokedCount: 0 };
    expect(await sync(fixture, input)).toEqual({ ...again, staleCount: 4 });
    expect(await sync(fixture, { ...input, asOf: at(2) })).toEqual({ ...again, staleCount: 0 });
    expect(await sync(fixture, { ...input, asOf: at(1) })).toEqual({ ...again, staleCount: 4 });
    const { modifiedAt, seats } = await usher.db.subscription.findFirstOrThrow({
      where: { id: String(subscription) },
    });
    expect([modifiedAt, seats]).toEqual([null, 7]);
  });

  test('keeps what it leaves out, and what is newer, column by column', async () => {
    const fixture = await usher.addFixture();
    const { customer: id } = fixture.ids;
    await sync(fixture, { customers: [{ id, name: 'Newer' }], asOf: at(9) });
    await sync(fixture, {
      customers: [{ id, name: 'Older', email: 'b@globex.example' }],
      asOf: at(5),
    });
    await sync(fixture, { customers: [{ id, email: 'a@globex.example' }], asOf: at(3) });
    const found = await usher.db.customer.findFirstOrThrow({ where: { id } });
    expect(found).toMatchObject({ name: 'Newer', email: 'b@globex.example', externalId: 'globex' });
  });

  test('may be named by external ids alone', async () => {
    const fixture = await usher.addFixture();
    const input = (seats: number, minute: number) => ({
      customers: [{ externalId: 'cus_9', email: 'pay@umbrella.example' }],
      products: [{ externalId: 'prod_9', name: 'Design' }],
      subscriptions: [
        {
          externalId: 'sub_1Mow',
          productExternalId: 'prod_9',
          customerExternalId: 'cus_9',
          seats,
          status: 'ACTIVE' as const,
        },
      ],
      asOf: at(minute),
    });
    expect(await sync(fixture, input(3, 1))).toMatchObject({ changedCount: 3 });
    expect(await sync(fixture, input(5, 2))).toMatchObject({
      changedCount: 1,
      pools: [{ externalId: 'sub_1Mow', totalSeats: 5 }],
    });
    const rows = await usher.db.subscription.findMany({ where: { externalId: 'sub_1Mow' } });
    expect(rows).toHaveLength(1);

    const lookup = `query ($x: String!) {
      customerSubscription(externalId: $x) { id externalId totalSeats product { externalId } }
      seatPool(source: { subscriptionExternalId: $x }) { id customer { externalId } }
      both: customerOrder(externalId: "none") { id }
    }`;
    const { organization: token } = fixture.tokens;
    const { data } = await usher.graphql(lookup, { x: 'sub_1Mow' }, token);
    expect(data).toEqual({
      customerSubscription: {
        id: rows[0]?.id,
        externalId: 'sub_1Mow',
        totalSeats: 5,
        product: { externalId: 'prod_9' },
      },
      seatPool: { id: rows[0]?.id, customer: { externalId: 'cus_9' } },
      both: null,
    });
    const assigned = await usher.graphql(
      `mutation { assignSeat(input: { source: { subscriptionExternalId: "sub_1Mow" }, recipient: { email: "a@b.example" } }) { __typename } }`,
      {},
      token,
    );
    expect(assigned.data).toEqual({ assignSeat: { __typename: 'AssignSeatSuccess' } });

    // Another organization's external id does not exist.
    const stranger = await usher.addFixture();
    const theirs = await usher.graphql(lookup, { x: 'sub_1Mow' }, stranger.tokens.organization);
    expect(theirs.data).toMatchObject({ customerSubscription: null, seatPool: null });
    const mine = { ...input(1, 1), customers: [], products: [] };
    expect(await sync(stranger, mine)).toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
      message: expect.stringContaining('productExternalId: no such product'),
    });
  });

  test('is refused as a whole', async () => {
    const fixture = await usher.addFixture();
    const stranger = await usher.addFixture();
    const before = await poolOf(fixture);
    const subscriptions = [subscriptionOf(fixture, { seats: 9 })];
    const refused = async (more: Partial<SyncBillingInput>) =>
      await sync(fixture, { subscriptions, ...more });
    const issue = (path: string[], code: string) => ({
      code: 'INVALID_INPUT',
      issues: [{ path, code, message: expect.any(String) }],
    });

    expect(await refused({ customers: [{ id: 'sub_1', name: 'A' }] })).toMatchObject(
      issue(['customers', '0', 'id'], 'UUID'),
    );
    expect(await refused({ customers: [{ name: 'A' }] })).toMatchObject(
      issue(['customers', '0', 'id'], 'REQUIRED'),
    );
    expect(await refused({ customers: [{ id: randomUUID(), email: 'a@' }] })).toMatchObject(
      issue(['customers', '0', 'email'], 'EMAIL'),
    );
    expect(await refused({ products: [{ id: randomUUID(), name: ' ' }] })).toMatchObject(
      issue(['products', '0', 'name'], 'BLANK'),
    );
    const twice = [...subscriptions, subscriptionOf(fixture)];
    expect(await refused({ subscriptions: twice })).toMatchObject(
      issue(['subscriptions', '1', 'id'], 'DUPLICATE'),
    );
    expect(await refused({ orders: [orderOf(fixture, { seats: -1 })] })).toMatchObject(
      issue(['orders', '0', 'seats'], 'RANGE'),
    );
    expect(await refused({ orders: [orderOf(fixture, { checkoutId: 'cs_1' })] })).toMatchObject(
      issue(['orders', '0', 'checkoutId'], 'UUID'),
    );
    expect(
      await refused({ orders: [orderOf(fixture, { customerExternalId: 'globex' })] }),
    ).toMatchObject(issue(['orders', '0', 'customerExternalId'], 'ONE_OF'));
    expect(
      await refused({ customers: [{ id: fixture.ids.otherCustomer, externalId: 'globex' }] }),
    ).toMatchObject(issue(['customers', '0', 'externalId'], 'TAKEN'));
    const daysAhead = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    expect(await refused({ subscriptions, asOf: daysAhead(367) })).toMatchObject(
      issue(['asOf'], 'RANGE'),
    );
    const many = Array.from({ length: 1000 }, () => ({ id: randomUUID(), name: 'A' }));
    expect(await refused({ products: many })).toMatchObject(issue(['products'], 'TOO_MANY'));

    // Another organization's rows do not exist; its ids are taken.
    for (const id of [stranger.ids.customer, randomUUID(), 'malformed']) {
      const orders = [orderOf(fixture, { customerId: id })];
      expect(await refused({ orders })).toMatchObject({
        code: 'RESOURCE_NOT_FOUND',
        message: 'orders.0.customerId: no such customer in this organization',
      });
    }
    const theirs = { ...subscriptionOf(fixture), id: stranger.ids.subscription };
    expect(await refused({ subscriptions: [theirs] })).toMatchObject(
      issue(['subscriptions', '0', 'id'], 'TAKEN'),
    );
    expect(await refused({ organizationId: stranger.ids.organization })).toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
    expect(await poolOf(fixture)).toEqual(before);
  });

  test('asks for the id where organizations of the token share an external id', async () => {
    const fixture = await usher.addFixture();
    const other = await usher.addFixture();
    await usher.db.organizationMembership.create({
      data: { organizationId: other.ids.organization, userId: fixture.ids.user },
    });
    for (const each of [fixture, other]) {
      await sync(each, { orders: [orderOf(each, { externalId: 'in_1' })] });
    }
    const source = `source: { orderExternalId: "in_1" }`;
    const { data } = await usher.graphql(
      `mutation { assignSeat(input: { ${source}, recipient: { email: "a@x.example" } }) {
         ... on InvalidInputError { issues { path code } }
       } }`,
      {},
      fixture.tokens.personal,
    );
    const issues = [{ path: ['orderExternalId'], code: 'AMBIGUOUS' }];
    expect(data).toEqual({ assignSeat: { issues } });
    const both = `{ customerOrder(id: "${fixture.ids.order}", externalId: "in_1") { id } }`;
    const { errors } = await usher.graphql(both, {}, fixture.tokens.organization);
    expect(errors).toMatchObject([{ message: 'id: Give exactly one of id and externalId.' }]);
  });

  test('needs the scope of its own', async () => {
    const fixture = await usher.addFixture();
    const token = await addToken(usher, fixture, ['organizations:write', 'customer_seats:write']);
    expect(await sync(fixture, {}, token)).toMatchObject({ code: 'NOT_PERMITTED' });
    const enough = await addToken(usher, fixture, ['billing:write']);
    expect(await sync(fixture, {}, enough)).toMatchObject({ changedCount: 0 });
  });
});

describe('REST', () => {
  const put = async (fixture: Fixture, body: object) =>
    await usher.rest('PUT', '/v1/billing', { token: fixture.tokens.personal, body });
  const rowOf = ({ ids }: Fixture, more: object = {}) => ({
    id: ids.subscription,
    product_id: ids.product,
    customer_id: ids.customer,
    status: 'active',
    ...more,
  });

  test('answers what it changed', async () => {
    const fixture = await usher.addFixture();
    const row = rowOf(fixture, { seats: 6, external_id: 'sub_1Mow' });
    const { status, body } = await put(fixture, { as_of: at(1), subscriptions: [row] });
    expect([status, body]).toEqual([
      200,
      {
        changed_count: 1,
        stale_count: 0,
        revoked_count: 0,
        pools: [
          {
            id: fixture.ids.subscription,
            external_id: 'sub_1Mow',
            kind: 'subscription',
            status: 'active',
            total_seats: 6,
            available_seats: 6,
          },
        ],
      },
    ]);
    const { organization } = fixture.ids;
    const actor = { actorKind: 'user', actorChannel: 'rest' };
    const where = { organizationId: organization, type: 'subscription_updated' } as const;
    expect(await usher.db.auditEvent.findMany({ where })).toMatchObject([
      { ...actor, subjectLabel: 'sub_1Mow', changes: ['externalId', 'seats'] },
    ]);

    // The vendors' endpoints know UUIDs alone.
    const list = await usher.rest('GET', '/v1/customer-seats?subscription_id=sub_1Mow', {
      token: fixture.tokens.organization,
    });
    expect([list.status, list.body.detail[0].type]).toEqual([422, 'uuid_parsing']);
  });

  test('answers what is wrong, with its place', async () => {
    const fixture = await usher.addFixture();
    await givenSeat(usher, fixture, { email: 'a@x.example' });
    const answer = async (body: object) => {
      const { status, body: error } = await put(fixture, { as_of: at(1), ...body });
      return [status, error.error, error.detail[0]?.loc ?? error.detail];
    };
    expect(await answer({ as_of: 'yesterday' })).toEqual([
      422,
      'RequestValidationError',
      ['body', 'as_of'],
    ]);
    expect(await answer({ subscriptions: [rowOf(fixture, { status: 'gone' })] })).toEqual([
      422,
      'RequestValidationError',
      ['body', 'subscriptions', 0, 'status'],
    ]);
    expect(await answer({ subscriptions: [rowOf(fixture, { product_id: 'prod_1' })] })).toEqual([
      422,
      'PolarRequestValidationError',
      ['body', 'subscriptions', 0, 'product_id'],
    ]);
    const { subscription } = fixture.ids;
    expect(await answer({ subscriptions: [rowOf(fixture, { seats: 0 })] })).toEqual([
      409,
      'PoolTooSmall',
      `${subscription} would have 0 seats, but 1 are pending or claimed`,
    ]);
    const nobody = rowOf(fixture, { customer_id: randomUUID() });
    expect(await answer({ subscriptions: [nobody] })).toEqual([
      404,
      'ResourceNotFound',
      'subscriptions.0.customerId: no such customer in this organization',
    ]);
  });

  test('takes 1,000 rows', async () => {
    const fixture = await usher.addFixture();
    const subscriptions = Array.from({ length: 1000 }, (_, i) => ({
      ...rowOf(fixture),
      id: randomUUID(),
      external_id: `sub_1MowQVLkdIwHu7ixeRlqHVzs${i}`,
      checkout_id: randomUUID(),
    }));
    const { body } = await put(fixture, { as_of: at(1), subscriptions });
    expect(body).toMatchObject({ changed_count: 1000 });
    const more = [...subscriptions, rowOf(fixture)];
    expect((await put(fixture, { as_of: at(1), subscriptions: more })).status).toBe(422);
  });
});

describe('a pool made smaller than its seats', () => {
  async function givenThree() {
    const fixture = await usher.addFixture();
    for (const name of ['a', 'b', 'c'])
      await givenSeat(usher, fixture, { email: `${name}@x.example` });
    return fixture;
  }
  const smaller = (fixture: Fixture, more: object = {}) => ({
    subscriptions: [subscriptionOf(fixture, { seats: 2 })],
    products: [{ id: fixture.ids.product, name: 'Renamed' }],
    ...more,
  });

  test('is refused with all that came with it', async () => {
    const fixture = await givenThree();
    expect(await sync(fixture, smaller(fixture))).toMatchObject({
      code: 'POOL_TOO_SMALL',
      poolId: fixture.ids.subscription,
      liveSeats: 3,
      total: 2,
    });
    expect(await poolOf(fixture)).toMatchObject({ seats: 5, seatsUsed: 3 });
    const product = await usher.db.product.findFirstOrThrow({ where: { id: fixture.ids.product } });
    expect(product.name).toBe('Team Pro');
  });

  test('is not refused for what is passed over', async () => {
    const fixture = await givenThree();
    await sync(fixture, { subscriptions: [subscriptionOf(fixture, { seats: 4 })], asOf: at(9) });
    const late = { subscriptions: [subscriptionOf(fixture, { seats: 2 })], asOf: at(5) };
    expect(await sync(fixture, late)).toMatchObject({ staleCount: 1, changedCount: 0 });
  });

  test('is oversold, and gives no seat until it fits again', async () => {
    const fixture = await givenThree();
    const whenTooSmall = 'OVERSELL';
    expect(await sync(fixture, smaller(fixture, { whenTooSmall }))).toMatchObject({
      changedCount: 2,
      pools: [{ totalSeats: 2, availableSeats: 0 }],
      revokedCount: 0,
    });
    expect(await poolOf(fixture)).toMatchObject({ seats: 2, seatsUsed: 3 });
    const refused = await assign(usher, fixture, { email: 'd@x.example' });
    expect([refused.status, refused.body.error]).toEqual([400, 'SeatNotAvailable']);

    // It may grow, and be told again, without being said to be oversold.
    const same = { subscriptions: [subscriptionOf(fixture, { seats: 2, status: 'PAST_DUE' })] };
    expect(await sync(fixture, { ...same, asOf: at(2) })).toMatchObject({ changedCount: 1 });
    const less = { subscriptions: [subscriptionOf(fixture, { seats: 1 })], asOf: at(3) };
    expect(await sync(fixture, less)).toMatchObject({ code: 'POOL_TOO_SMALL' });

    const [seat] = await usher.db.customerSeat.findMany({
      where: { subscriptionId: fixture.ids.subscription },
    });
    const token = fixture.tokens.organization;
    await usher.rest('DELETE', `/v1/customer-seats/${seat?.id}`, { token });
    expect((await assign(usher, fixture, { email: 'd@x.example' })).status).toBe(400);
    await sync(fixture, { subscriptions: [subscriptionOf(fixture, { seats: 3 })], asOf: at(4) });
    expect((await assign(usher, fixture, { email: 'd@x.example' })).status).toBe(200);
    await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  });
});

describe('a pool that ends', () => {
  test('loses its seats once, by the actor of the call', async () => {
    const fixture = await usher.addFixture();
    const pending = await givenSeat(usher, fixture, { email: 'a@x.example' });
    const claimed = await givenSeat(usher, fixture, {
      email: 'b@x.example',
      immediate_claim: true,
    });
    const ended = { subscriptions: [subscriptionOf(fixture, { seats: 0, status: 'CANCELED' })] };
    expect(await sync(fixture, ended)).toMatchObject({ revokedCount: 2, changedCount: 1 });
    expect(await sync(fixture, ended)).toMatchObject({ revokedCount: 0, staleCount: 1 });
    expect(await sync(fixture, { ...ended, asOf: at(2) })).toMatchObject({ revokedCount: 0 });
    expect(await historyOf(usher, pending.id)).toEqual(['assigned', 'revoked']);
    expect(await historyOf(usher, claimed.id)).toEqual(['claimed', 'revoked']);
    const { organization: organizationId } = fixture.ids;
    const where = { organizationId, type: 'customer_seat.revoked' };
    const actor = { actorKind: 'organization', actorChannel: 'graphql' };
    expect(await usher.db.outboxEvent.findMany({ where })).toMatchObject([actor, actor]);
    const audits = await usher.db.auditEvent.findMany({ where: { organizationId } });
    expect(audits.filter(({ type }) => type === 'subscription_updated')).toMatchObject([
      { ...actor, subjectId: fixture.ids.subscription, changes: ['seats', 'status'] },
    ]);

    // A file can assign them again, once the pool is active: they were revoked by no person.
    expect(await usher.db.importedSeat.count({ where: { organizationId } })).toBe(2);

    // Newer news starts it again; late news of its end is passed over.
    const active = { subscriptions: [subscriptionOf(fixture, { seats: 5 })], asOf: at(3) };
    expect(await sync(fixture, active)).toMatchObject({ changedCount: 1 });
    const again = await givenSeat(usher, fixture, { email: 'a@x.example' });
    expect(await sync(fixture, { ...ended, asOf: at(2) })).toMatchObject({ staleCount: 1 });
    expect((await historyOf(usher, again.id)).at(-1)).toBe('assigned');
  });
});
