import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { ImportError, importFile } from '../support/import.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { contentsOf } from './contents.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

type Row = Record<string, unknown>;

/** Returns a file of the fixture's organization with other lists. */
function fileOf(fixture: Fixture, lists: Row) {
  const [organization] = fixture.document.organizations;
  const { id, slug, name } = organization ?? {};
  return { organizations: [{ id, slug, name, ...lists }] };
}

const load = async (document: unknown) => await importFile(usher.databaseUrl, document);

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

/** Tells by the API, of the fixture's subscription. */
async function tell({ ids, tokens }: Fixture, minute: number, more: Row) {
  const { status } = await usher.rest('PUT', '/v1/billing', {
    token: tokens.organization,
    body: {
      as_of: at(minute),
      subscriptions: [
        {
          id: ids.subscription,
          product_id: ids.product,
          customer_id: ids.customer,
          checkout_id: ids.subscriptionCheckout,
          status: 'active',
          ...more,
        },
      ],
    },
  });
  expect(status).toBe(200);
}

async function subscriptionOf({ ids }: Fixture) {
  return await usher.db.subscription.findFirstOrThrow({ where: { id: ids.subscription } });
}

describe('external ids', () => {
  const everything = (seats: number) => ({
    products: [{ externalId: 'prod_1', name: 'Team' }],
    customers: [
      {
        externalId: 'cus_1',
        email: 'pay@umbrella.example',
        members: [{ id: '7d5b9a52-6a07-4f6a-9c62-5ad0a35e0c11', email: 'mia@umbrella.example' }],
      },
    ],
    subscriptions: [
      {
        externalId: 'sub_1',
        productExternalId: 'prod_1',
        customerExternalId: 'cus_1',
        seats,
      },
    ],
    orders: [{ externalId: 'in_1', customerExternalId: 'cus_1', productExternalId: 'prod_1' }],
    seats: [
      {
        id: 'd1d0a9b3-6a5d-4a43-8a55-93a6f8b1f0ce',
        subscriptionExternalId: 'sub_1',
        customerExternalId: 'cus_1',
        memberId: '7d5b9a52-6a07-4f6a-9c62-5ad0a35e0c11',
        status: 'claimed',
      },
    ],
  });

  test('identify rows and references, in the file and in usher', async () => {
    const fixture = await usher.addFixture();
    await load(fileOf(fixture, everything(3)));
    const before = await contentsOf(usher.db);
    await load(fileOf(fixture, everything(3)));
    expect(await contentsOf(usher.db)).toEqual(before);

    await load(fileOf(fixture, everything(4)));
    const where = { externalId: 'sub_1', organizationId: fixture.ids.organization };
    const [subscription, ...others] = await usher.db.subscription.findMany({
      where,
      include: { customer: true, product: true, customerSeats: true },
    });
    expect(others).toEqual([]);
    expect(subscription).toMatchObject({
      seats: 4,
      seatsUsed: 1,
      customer: { externalId: 'cus_1' },
      product: { name: 'Team' },
      customerSeats: [{ status: 'claimed' }],
    });

    // A later file may name the rows that an earlier one brought.
    const seat = {
      id: randomUUID(),
      status: 'pending',
      subscriptionExternalId: 'sub_1',
      email: 'b@umbrella.example',
    };
    await load(fileOf(fixture, { seats: [seat] }));
    const added = await usher.db.customerSeat.findFirstOrThrow({ where: { id: seat.id } });
    expect(added.subscriptionId).toBe(subscription?.id);

    // The external id stays if a file does not have it.
    const { id, productId, customerId } = subscription ?? {};
    await load(fileOf(fixture, { subscriptions: [{ id, productId, customerId, seats: 5 }] }));
    expect(await usher.db.subscription.count({ where: { ...where, seats: 5 } })).toBe(1);
  });

  test('are reported where they name nothing, or two rows', async () => {
    const fixture = await usher.addFixture();
    const { product: productId, customer: customerId, subscription: id } = fixture.ids;
    const other = { id: randomUUID(), externalId: 'sub_1', productId, customerId };
    await load(
      fileOf(fixture, { subscriptions: [{ id, externalId: 'sub_1', productId, customerId }] }),
    );
    const problems = async (lists: Row) => {
      const error = await load(fileOf(fixture, lists)).catch((thrown: unknown) => thrown);
      if (!(error instanceof ImportError)) throw new Error('The file was loaded.');
      return error.problems.map(({ path, message }) => `${path} ${message}`);
    };
    expect(await problems({ subscriptions: [other] })).toEqual([
      'organizations[0].subscriptions[0].externalId another subscription of this organization has this external id',
    ]);
    expect(
      await problems({
        subscriptions: [
          { id, productId, customerId },
          { externalId: 'sub_1', productId, customerId },
        ],
      }),
    ).toEqual([
      'organizations[0].subscriptions[1].externalId duplicates organizations[0].subscriptions[0].id',
    ]);
    expect(
      await problems({
        orders: [
          { externalId: 'in_9', customerExternalId: 'nobody' },
          { externalId: 'in_9', customerId },
        ],
      }),
    ).toEqual([
      'organizations[0].orders[1].externalId duplicates organizations[0].orders[0].externalId',
      'organizations[0].orders[0].customerExternalId no such customer in this organization',
    ]);
    expect(await problems({ orders: [{ externalId: 'in_9' }, { customerId }] })).toEqual([
      'organizations[0].orders[0].customerId is missing',
      'organizations[0].orders[1].id is missing',
    ]);
  });

  test('swap within a file', async () => {
    const fixture = await usher.addFixture();
    const [a, b] = [randomUUID(), randomUUID()];
    const products = (first: string, second: string) => ({
      products: [
        { id: a, name: 'A', externalId: first },
        { id: b, name: 'B', externalId: second },
      ],
    });
    await load(fileOf(fixture, products('x', 'y')));
    await load(fileOf(fixture, products('y', 'x')));
    const found = await usher.db.product.findMany({ where: { externalId: { in: ['x', 'y'] } } });
    expect(Object.fromEntries(found.map(({ name, externalId }) => [name, externalId]))).toEqual({
      A: 'y',
      B: 'x',
    });
  });
});

describe('asOf', () => {
  const file = (fixture: Fixture, minute: number | undefined, seats: number) => {
    const { product: productId, customer: customerId, subscription: id } = fixture.ids;
    const checkoutId = fixture.ids.subscriptionCheckout;
    return fileOf(fixture, {
      ...(minute !== undefined && { asOf: at(minute) }),
      subscriptions: [{ id, productId, customerId, checkoutId, seats }],
    });
  };

  test('an older file is passed over, with a note', async () => {
    const fixture = await usher.addFixture();
    await tell(fixture, 5, { seats: 7 });
    const { notes } = await load(file(fixture, 3, 6));
    expect(notes).toEqual([
      {
        path: 'organizations[0].subscriptions[0]',
        message: `is passed over: usher knows it as of ${at(5)}`,
      },
    ]);
    expect(await subscriptionOf(fixture)).toMatchObject({ seats: 7 });
    await load(file(fixture, 8, 6));
    await tell(fixture, 7, { seats: 9 });
    expect(await subscriptionOf(fixture)).toMatchObject({ seats: 6 });
  });

  test('a file without a time takes precedence, until there is newer or older news', async () => {
    const fixture = await usher.addFixture();
    await tell(fixture, 5, { seats: 7 });
    await load(file(fixture, undefined, 6));
    expect(await subscriptionOf(fixture)).toMatchObject({ seats: 6 });
    await tell(fixture, 4, { seats: 8 });
    expect(await subscriptionOf(fixture)).toMatchObject({ seats: 8 });
  });

  test('an older file that would end a subscription takes no seat', async () => {
    const fixture = await usher.addFixture();
    await givenSeat(usher, fixture, { email: 'a@x.example' });
    await tell(fixture, 5, { seats: 7 });
    const { product: productId, customer: customerId, subscription: id } = fixture.ids;
    const ended = { id, productId, customerId, seats: 7, status: 'canceled' };
    const counts = await load(fileOf(fixture, { asOf: at(4), subscriptions: [ended] }));
    expect(counts).not.toHaveProperty('revokedSeats');
    expect(await subscriptionOf(fixture)).toMatchObject({ status: 'active', seatsUsed: 1 });
  });
});

test('a file can oversell a pool on purpose, and be imported again', async () => {
  const fixture = await usher.addFixture();
  await givenSeat(usher, fixture, { email: 'a@x.example' });
  const { product: productId, customer: customerId, subscription: id } = fixture.ids;
  const smaller = fileOf(fixture, { subscriptions: [{ id, productId, customerId, seats: 0 }] });
  await expect(load(smaller)).rejects.toThrow('0 seats, but 1 of them are pending or claimed');
  await importFile(usher.databaseUrl, smaller, { whenTooSmall: 'oversell' });
  expect(await subscriptionOf(fixture)).toMatchObject({ seats: 0, seatsUsed: 1 });
  const before = await contentsOf(usher.db);
  await load(smaller);
  expect(await contentsOf(usher.db)).toEqual(before);
});
