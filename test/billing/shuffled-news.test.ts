import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { SyncBillingDocument, type SyncBillingInput } from '../support/operations/graphql.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const SUBSCRIPTION = ['TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED', 'CANCELED', 'UNPAID'] as const;
const ORDER = ['PENDING', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOID'] as const;
const POOLS = [0, 1, 2];
const SEATS = 2;

/** A change in the billing system, which tells of one pool, or of a customer or a product. */
const change = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      of: fc.constant('subscriptions' as const),
      which: fc.constantFrom(...POOLS),
      status: fc.constantFrom(...SUBSCRIPTION, 'ACTIVE', 'ACTIVE'),
      seats: fc.integer({ min: SEATS, max: 9 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      of: fc.constant('orders' as const),
      which: fc.constantFrom(...POOLS),
      status: fc.constantFrom(...ORDER, 'PAID', 'PAID'),
      seats: fc.integer({ min: SEATS, max: 9 }),
    }),
  },
  fc.record({
    of: fc.constant('customers' as const),
    which: fc.constantFrom(...POOLS),
    name: fc.option(fc.constantFrom('Ann', 'Bob', 'Cid'), { nil: undefined }),
    email: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
  }),
  fc.record({
    of: fc.constant('products' as const),
    which: fc.constantFrom(...POOLS),
    name: fc.constantFrom('Team', 'Studio'),
  }),
);

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** A year of changes with their weeks, of which several can fall on one, and an order in which they arrive, some twice. */
const year = fc
  .array(fc.record({ change, week: fc.integer({ min: 1, max: 52 }) }), {
    minLength: 12,
    maxLength: 26,
  })
  .chain(changes => {
    const indexes = changes.map((_, i) => i);
    return fc.record({
      changes: fc.constant(changes),
      doubled: fc.subarray(indexes),
      shuffle: fc.array(fc.nat(), { minLength: indexes.length * 2, maxLength: indexes.length * 2 }),
      cut: fc.integer({ min: 1, max: 4 }),
    });
  });

/** One organization with its pools, each with seats that are assigned from the start. */
interface Scene {
  fixture: Fixture;
  ids: Record<Change['of'], string[]>;
}

async function givenScene(): Promise<Scene> {
  const fixture = await usher.addFixture();
  const each = () => POOLS.map(() => randomUUID());
  const ids = { customers: each(), products: each(), subscriptions: each(), orders: each() };
  const pool = (i: number) => ({
    productId: ids.products[i],
    customerId: ids.customers[i],
    seats: 9,
  });
  const [organization] = fixture.document.organizations;
  await usher.load({
    organizations: [
      {
        ...organization,
        products: ids.products.map(id => ({ id, name: 'Team' })),
        customers: ids.customers.map(id => ({ id })),
        subscriptions: ids.subscriptions.map((id, i) => ({ id, ...pool(i) })),
        orders: ids.orders.map((id, i) => ({ id, ...pool(i) })),
        seats: [...ids.subscriptions, ...ids.orders].flatMap((id, i) =>
          Array.from({ length: SEATS }, (_, seat) => ({
            id: randomUUID(),
            [i < POOLS.length ? 'subscriptionId' : 'orderId']: id,
            status: 'pending',
            email: `person${seat}@x.example`,
          })),
        ),
      },
    ],
  });
  return { fixture, ids };
}

type Told = Partial<SyncBillingInput>;

/** What the billing system tells of a change. */
function toldOf({ ids }: Scene, change: Change): Told {
  const { of, which } = change;
  const id = ids[of][which];
  switch (of) {
    case 'customers': {
      const email = change.email && `${change.email}${which}@y.example`;
      return { customers: [{ id, name: change.name, email }] };
    }
    case 'products':
      return { products: [{ id, name: change.name }] };
    case 'subscriptions':
    case 'orders': {
      const { status, seats } = change;
      const pool = { id, productId: ids.products[which], customerId: ids.customers[which] };
      return { [of]: [{ ...pool, status, seats }] };
    }
  }
}

async function tell({ fixture }: Scene, told: Told, week: number): Promise<number> {
  const asOf = new Date(Date.UTC(2026, 0, 1 + 7 * week)).toISOString();
  const input = { ...told, asOf };
  const { data } = await usher.graphql(SyncBillingDocument, { input }, fixture.tokens.organization);
  const result = data?.syncBilling;
  if (!result || !('revokedCount' in result)) throw new Error(JSON.stringify(result));
  return result.revokedCount;
}

/** What is the case, in the terms of the scene. */
async function stateOf({ fixture, ids }: Scene) {
  const where = { organizationId: fixture.ids.organization };
  const orderBy = { id: 'asc' } as const;
  const select = { id: true, status: true, seats: true } as const;
  const rows = {
    customers: await usher.db.customer.findMany({
      where,
      orderBy,
      select: { id: true, name: true, email: true },
    }),
    products: await usher.db.product.findMany({
      where,
      orderBy,
      select: { id: true, name: true },
    }),
    subscriptions: await usher.db.subscription.findMany({ where, orderBy, select }),
    orders: await usher.db.order.findMany({ where, orderBy, select }),
  };
  return Object.entries(rows).map(([table, found]) => {
    // The keys of `rows` are those of `ids`.
    const known = ids[table as keyof typeof ids];
    return known.map(id => {
      const { id: _, ...row } = found.find(other => other.id === id) ?? { id };
      return row;
    });
  });
}

const ENDED = ['CANCELED', 'UNPAID', 'REFUNDED', 'VOID'];

test('a year of news, shuffled, doubled and by several senders, leads to the same state as in order', async () => {
  await fc.assert(
    fc.asyncProperty(year, async ({ changes, doubled, shuffle, cut }) => {
      const inOrder = await givenScene();
      const sorted = changes.toSorted((a, b) => a.week - b.week);
      for (const { change, week } of sorted) await tell(inOrder, toldOf(inOrder, change), week);

      const scene = await givenScene();
      const arrivals = [...changes, ...doubled.flatMap(i => changes[i] ?? [])]
        .map((arrival, i) => ({ arrival, place: shuffle[i] ?? 0 }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ arrival }) => arrival);
      const revoked = await Promise.all(
        Array.from({ length: cut }, async (_, sender) => {
          let count = 0;
          for (const [i, { change, week }] of arrivals.entries()) {
            if (i % cut === sender) count += await tell(scene, toldOf(scene, change), week);
          }
          return count;
        }),
      );
      expect(await stateOf(scene)).toEqual(await stateOf(inOrder));
      const total = revoked.reduce((sum, count) => sum + count, 0);
      expect(await countRevocations(scene, changes)).toBe(total);
    }),
    { numRuns: 4, endOnFailure: true },
  );
}, 60_000);

/** Checks that the seats of ended pools were revoked once, and nobody else's seat; returns how many were revoked. */
async function countRevocations(
  { ids }: Scene,
  changes: readonly { change: Change }[],
): Promise<number> {
  let count = 0;
  for (const kind of ['subscription', 'order'] as const) {
    for (const which of POOLS) {
      const id = ids[`${kind}s`][which] ?? '';
      const seats = await usher.db.customerSeat.findMany({
        where: kind === 'order' ? { orderId: id } : { subscriptionId: id },
      });
      const revoked = seats.filter(({ status }) => status === 'revoked').length;
      const pool =
        kind === 'order'
          ? await usher.db.order.findFirstOrThrow({ where: { id } })
          : await usher.db.subscription.findFirstOrThrow({ where: { id } });
      const hasEnded = ENDED.includes(pool.status.toUpperCase());
      const everEnds = changes.some(
        ({ change }) =>
          change.of === `${kind}s` &&
          change.which === which &&
          'status' in change &&
          ENDED.includes(change.status),
      );
      if (hasEnded) expect(revoked).toBe(SEATS);
      if (!everEnds) expect(revoked).toBe(0);
      const events = seats.map(({ id: seat }) => seat);
      const where = { seatId: { in: events }, type: 'customer_seat.revoked' };
      expect(await usher.db.outboxEvent.count({ where })).toBe(revoked);
      count += revoked;
    }
  }
  return count;
}
