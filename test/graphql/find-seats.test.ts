import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import type { CustomerSeat, Member } from '../../src/db/generated/prisma/client.ts';
import type { Sql } from '../../src/db/sql.ts';
import { findSeats } from '../../src/seats/read/find-seats.ts';
import { update } from '../members/calls.ts';
import { ask } from '../support/ask.ts';
import type { Fixture } from '../support/fixture.ts';
import { assign } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// Every filter and order of seats, held to the same in plain JavaScript.

let usher: TestUsher;
let fixture: Fixture;
/** The ids of the pools: the customer's, and then one of another customer. */
let pools: string[];
let ownPools: string[];
let otherPool: string;
let seats: (CustomerSeat & { member: Member | null })[];

const COUNT = 360;
/** So many that a page finds out first how far into their lists it goes. */
const OWN_POOLS = 9;
const DAY = 86_400_000;

beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture({ seats: COUNT });
  await usher.addFixture();
  const { organization, customer, otherCustomer, subscription, product } = fixture.ids;
  const otherProduct = randomUUID();
  await usher.db.product.create({
    data: { id: otherProduct, organizationId: organization, name: 'Other' },
  });
  ownPools = [subscription, ...Array.from({ length: OWN_POOLS - 1 }, () => randomUUID())];
  otherPool = randomUUID();
  pools = [...ownPools, otherPool];
  const ownerOf = (pool: string) => (pool === otherPool ? otherCustomer : customer);
  await usher.db.subscription.createMany({
    data: pools
      .filter(id => id !== subscription)
      .map((id, i) => ({
        id,
        organizationId: organization,
        productId: i === 0 ? otherProduct : product,
        seats: COUNT,
        customerId: ownerOf(id),
      })),
  });
  // Some pools have many seats, some few.
  const poolOf = (i: number) =>
    pools[Math.floor((pools.length * ((i * 7) % 100) ** 2) / 10_000)] ?? '';
  await addSeats(fixture, COUNT, i => ({ pool: poolOf(i), customer: ownerOf(poolOf(i)) }));
  seats = await usher.db.customerSeat.findMany({
    where: { organizationId: organization },
    include: { member: true },
  });
}, 60_000);
afterAll(() => usher.close());

const NAMES = ['Ann Lee', 'Joanna Ünal', 'Bob 100%', 'Çelik_Öz', null];

/** Adds seats of all kinds: each status, with and without members, times, metadata and addresses. */
async function addSeats(
  { ids }: Fixture,
  count: number,
  of: (i: number) => { pool: string; customer: string },
): Promise<void> {
  const organizationId = ids.organization;
  const start = Date.now() - 30 * DAY;
  // Many are alike in each order.
  const time = (i: number) => new Date(start + (i % 7) * DAY);
  const members = Array.from({ length: count }, (_, i) => ({
    id: randomUUID(),
    organizationId,
    customerId: of(i).customer,
    email: `Person${i}@${i % 2 ? 'globex' : 'acme'}.example`,
    name: NAMES[i % NAMES.length] ?? null,
    externalId: i % 4 ? null : `usr_${i}`,
  }));
  await usher.db.member.createMany({ data: members });
  await usher.db.customerSeat.createMany({
    data: members.map(({ id: memberId, customerId, email }, i) => {
      const status = (['pending', 'claimed', 'claimed', 'revoked'] as const)[i % 4] ?? 'pending';
      const isLive = status !== 'revoked';
      const isInvited = i % 5 !== 0;
      return {
        id: randomUUID(),
        organizationId,
        subscriptionId: of(i).pool,
        status,
        customerId: isLive ? customerId : null,
        memberId: isLive && i % 8 !== 0 ? memberId : null,
        email: isLive && i % 6 !== 1 ? email : null,
        createdAt: time(i),
        assignedAt: time(i + 3),
        claimedAt: status === 'claimed' ? time(i + 5) : null,
        revokedAt: isLive ? null : time(i + 6),
        invitationTokenHash: isInvited ? Buffer.from(randomUUID()) : null,
        invitationTokenExpiresAt: isInvited && i % 3 ? new Date(start + (i % 60) * DAY) : null,
        metadata: i % 3 ? {} : { team: i % 2 ? 'red' : 'blue', floor: i % 5, isAdmin: i % 4 === 0 },
      };
    }),
  });
}

type Seat = (typeof seats)[number];
type Filter = Record<string, unknown>;
type Order = { field: string; direction: 'ASC' | 'DESC' };
interface Page {
  nodes: { id: string }[];
  edges: { cursor: string }[];
  pageInfo: {
    startCursor: string | null;
    endCursor: string | null;
    hasNextPage: boolean;
    hasPreviousPage: boolean;
  };
  totalCount: number;
}

const FIND = `
  query Find($filter: CustomerSeatFilter, $orderBy: CustomerSeatOrder, $first: Int, $after: String, $last: Int, $before: String) {
    customerSeats(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount nodes { id } edges { cursor } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }`;

async function find(variables: object, token = fixture.tokens.organization): Promise<Page> {
  const { customerSeats } = await ask<{ customerSeats: Page }>(usher, FIND, token, variables);
  return customerSeats;
}

/** Reads a whole list, by pages of a size, from its start or from its end. */
async function readAll(
  list: object,
  size: number,
  direction: 'forward' | 'backward',
  between: () => Promise<void> = async () => {},
  read: (variables: object) => Promise<Page> = find,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (;;) {
    const page: Page = await read(
      direction === 'forward'
        ? { ...list, first: size, after: cursor }
        : { ...list, last: size, before: cursor },
    );
    const found = page.nodes.map(({ id }) => id);
    if (direction === 'forward') ids.push(...found);
    else ids.unshift(...found);
    const { pageInfo } = page;
    cursor = direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor;
    const hasMore = direction === 'forward' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    if (!hasMore) return ids;
    await between();
  }
}

const address = (seat: Seat) => seat.email ?? seat.member?.email ?? null;
const state = (seat: Seat) => {
  if (seat.invitationTokenHash === null) return undefined;
  if (seat.status !== 'pending') return 'CLOSED';
  const end = seat.invitationTokenExpiresAt;
  return end !== null && end < new Date() ? 'EXPIRED' : 'OPEN';
};
const isIn = (date: Date | null, { since, before }: { since?: string; before?: string }) =>
  date !== null &&
  (since === undefined || date >= new Date(since)) &&
  (before === undefined || date < new Date(before));

/** What each filter means. */
const MEANING: Record<string, (seat: Seat, value: never) => boolean> = {
  ids: ({ id }, ids: string[]) => ids.includes(id),
  status: ({ status }, statuses: string[]) => statuses.includes(status.toUpperCase()),
  invitationState: (seat, states: string[]) => states.includes(state(seat) ?? ''),
  search: (seat, text: string) =>
    [seat.email, seat.member?.email, seat.member?.name, seat.member?.externalId].some(each =>
      each?.toLowerCase().includes(text.toLowerCase()),
    ),
  email: (seat, email: string) => address(seat)?.toLowerCase() === email.toLowerCase(),
  memberIds: ({ memberId }, ids: string[]) => ids.includes(memberId ?? ''),
  poolIds: ({ subscriptionId }, ids: string[]) => ids.includes(subscriptionId ?? ''),
  metadata: ({ metadata }, facts: { key: string; value: string }[]) =>
    facts.every(({ key, value }) => {
      const known = metadata as Record<string, unknown>;
      return key in known && String(known[key]) === value;
    }),
  assignedAt: ({ assignedAt }, range) => isIn(assignedAt, range),
  claimedAt: ({ claimedAt }, range) => isIn(claimedAt, range),
  invitationExpiresAt: ({ invitationTokenExpiresAt }, range) =>
    isIn(invitationTokenExpiresAt, range),
};

const KEYS: Record<string, (seat: Seat) => Date | string | null> = {
  CREATED_AT: ({ createdAt }) => createdAt,
  ASSIGNED_AT: ({ assignedAt }) => assignedAt,
  CLAIMED_AT: ({ claimedAt }) => claimedAt,
  EMAIL: ({ email }) => email?.toLowerCase() ?? null,
  INVITATION_EXPIRES_AT: ({ invitationTokenExpiresAt }) => invitationTokenExpiresAt,
};

function expected(filter: Filter, { field, direction }: Order): string[] {
  const key = KEYS[field] ?? (() => null);
  const sign = direction === 'ASC' ? 1 : -1;
  const compare = (one: Date | string, other: Date | string) =>
    one < other ? -1 : one > other ? 1 : 0;
  return seats
    .filter(seat =>
      Object.entries(filter).every(([name, value]) => MEANING[name]?.(seat, value as never)),
    )
    .toSorted((one, other) => {
      const [a, b] = [key(one), key(other)];
      if ((a === null) !== (b === null)) return a === null ? 1 : -1;
      return sign * ((a !== null && b !== null ? compare(a, b) : 0) || compare(one.id, other.id));
    })
    .map(({ id }) => id);
}

const time = fc
  .integer({ min: 0, max: 40 })
  .map(day => new Date(Date.now() - day * DAY).toISOString());
const range = fc.oneof(
  fc.record({ since: time }),
  fc.record({ before: time }),
  fc.record({ since: time, before: time }),
);
const some = <T>(values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const drawnFilter = () =>
  fc.record(
    {
      ids: fc.constant(seats.slice(0, 90).map(({ id }) => id)),
      status: some(['PENDING', 'CLAIMED', 'REVOKED']),
      invitationState: some(['OPEN', 'EXPIRED', 'CLOSED']),
      search: fc.constantFrom(
        'ann',
        'ÜNAL',
        '100%',
        'Çelik_',
        'usr_1',
        'person1',
        'acme.ex',
        'zzz9',
        'n1@g',
      ),
      email: fc.constantFrom(
        'person12@acme.example',
        'PERSON13@globex.example',
        'no@one.example',
        'no',
      ),
      memberIds: fc.constant(seats.slice(0, 60).map(seat => seat.memberId ?? seat.id)),
      poolIds: fc.subarray([...pools, randomUUID()], { minLength: 1 }),
      metadata: some([
        { key: 'team', value: 'red' },
        { key: 'floor', value: '3' },
        { key: 'isAdmin', value: 'true' },
        { key: 'team', value: '3' },
      ]),
      assignedAt: range,
      claimedAt: range,
      invitationExpiresAt: range,
    },
    { requiredKeys: [] },
  );
const drawnOrder = fc.record({
  field: fc.constantFrom(...Object.keys(KEYS)),
  direction: fc.constantFrom('ASC' as const, 'DESC' as const),
});
/** At most three conditions, so that something is left. */
const drawnConditions = () =>
  fc
    .tuple(drawnFilter(), fc.shuffledSubarray(Object.keys(MEANING), { maxLength: 3 }))
    .map(([filter, names]) =>
      Object.fromEntries(Object.entries(filter).filter(([name]) => names.includes(name))),
    );

test('each filter in each order, page by page, is what it means', async () => {
  await fc.assert(
    fc.asyncProperty(
      drawnConditions(),
      drawnOrder,
      fc.integer({ min: 7, max: 100 }),
      fc.constantFrom('forward' as const, 'backward' as const),
      async (filter, orderBy, size, direction) => {
        const wanted = expected(filter, orderBy);
        expect(await readAll({ filter, orderBy }, size, direction)).toEqual(wanted);
        expect((await find({ filter, orderBy, first: 0 })).totalCount).toBe(wanted.length);
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 60) },
  );
}, 120_000);

test.each(Object.keys(KEYS))(
  '%s: each seat once, with pages of three',
  async field => {
    for (const direction of ['ASC', 'DESC'] as const) {
      const orderBy = { field, direction };
      const wanted = expected({}, orderBy);
      expect(await readAll({ orderBy }, 3, 'forward')).toEqual(wanted);
      expect(await readAll({ orderBy }, 3, 'backward')).toEqual(wanted);
    }
  },
  60_000,
);

test('the seats of many pools, page by page, both ways', async () => {
  const LIST = `query ($id: ID!, $filter: CustomerSeatFilter, $orderBy: CustomerSeatOrder, $first: Int, $after: String, $last: Int, $before: String) {
    customer(by: { id: $id }) {
      seats(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
        nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
      }
    }
  }`;
  const read = (variables: object) =>
    ask<{ customer: { seats: Page } }>(usher, LIST, fixture.tokens.organization, {
      id: fixture.ids.customer,
      ...variables,
    }).then(({ customer }) => customer.seats);
  for (const field of Object.keys(KEYS)) {
    for (const filter of [{}, { search: 'acme' }]) {
      const orderBy = { field, direction: field === 'EMAIL' ? 'ASC' : 'DESC' } as const;
      const wanted = expected({ ...filter, poolIds: ownPools }, orderBy);
      const list = { filter, orderBy };
      expect(await readAll(list, 11, 'forward', undefined, read)).toEqual(wanted);
      expect(await readAll(list, 11, 'backward', undefined, read)).toEqual(wanted);
    }
  }
}, 60_000);

test('a seat that leaves a list of many pools while a page of it is read does not end the list', async () => {
  const { ids } = fixture;
  const database = openDatabase(usher.databaseUrl);
  const scope = { of: 'customer', organizationId: ids.organization, id: ids.customer } as const;
  for (const filter of [{ status: ['pending'] as const }, { search: 'example' }]) {
    const order = { field: 'createdAt', direction: 'asc' } as const;
    const query = { scope, filter, order, now: new Date(), seesCustomers: true };
    const part = { after: undefined, before: undefined, isInverted: false, take: 3 };
    const find = (sql: Sql) => findSeats(sql, query, part, 'everything');
    const [first, ...others] = await find(database.sql);
    const where = {
      organizationId_id: { organizationId: ids.organization, id: first?.id ?? '' },
    };
    const before = await usher.db.customerSeat.findUniqueOrThrow({ where });
    let isLeaving = true;
    const racing: Sql = {
      ...database.sql,
      async tuples(...read) {
        const rows = await database.sql.tuples(...read);
        // Between the look for the page's end and the page.
        if (isLeaving) {
          const data = { status: 'claimed', email: null, memberId: null } as const;
          await usher.db.customerSeat.update({ where, data });
        }
        isLeaving = false;
        return rows;
      },
    };
    const page = await find(racing);
    expect(page).toHaveLength(3);
    expect(page.slice(0, 2).map(({ id }) => id)).toEqual(others.map(({ id }) => id));
    const { status, email, memberId } = before;
    await usher.db.customerSeat.update({ where, data: { status, email, memberId } });
  }
  await database.close();
});

describe('whose seats', () => {
  const LISTS = `query Lists($filter: CustomerSeatFilter, $order: CustomerSeatOrder, $customer: ID!, $pool: ID!) {
    customerSeats(filter: $filter, orderBy: $order, first: 100) { totalCount nodes { id } }
    customer(by: { id: $customer }) { seats(filter: $filter, orderBy: $order, first: 100) { totalCount nodes { id } } }
    seatPool(source: { subscriptionId: $pool }) { seats(filter: $filter, orderBy: $order, first: 100) { totalCount nodes { id } } }
    viewer { organizations { seats(filter: $filter, orderBy: $order, first: 100) { totalCount nodes { id } } } }
  }`;
  interface Lists {
    customerSeats: Page;
    customer: { seats: Page } | null;
    seatPool: { seats: Page } | null;
    viewer: { organizations: { seats: Page }[] };
  }
  const lists = (token: string, filter: Filter | null, pool = otherPool) =>
    ask<Lists>(usher, LISTS, token, {
      filter,
      order: { field: 'EMAIL', direction: 'DESC' },
      customer: fixture.ids.customer,
      pool,
    });
  const search = { search: 'person1', status: ['CLAIMED'] };
  const byEmail = { field: 'EMAIL', direction: 'DESC' } as const;
  const wantedIn = (filter: Filter, poolIds: string[]) => {
    const wanted = expected({ ...filter, poolIds }, byEmail);
    return { totalCount: wanted.length, nodes: wanted.slice(0, 100).map(id => ({ id })) };
  };

  test.each([null, search])('a token sees those of the organization: %o', async filter => {
    const answer = await lists(fixture.tokens.organization, filter);
    expect(answer.customerSeats).toEqual(wantedIn(filter ?? {}, pools));
    expect(answer.customer?.seats).toEqual(wantedIn(filter ?? {}, ownPools));
    expect(answer.seatPool?.seats).toEqual(wantedIn(filter ?? {}, [otherPool]));
    expect(answer.viewer.organizations[0]?.seats).toEqual(answer.customerSeats);
  });

  test.each(['customer', 'manager', 'member'] as const)(
    '%s session: those of its customer',
    async kind => {
      for (const filter of [null, search]) {
        const answer = await lists(fixture.tokens[kind], filter);
        expect(answer.customerSeats).toEqual(wantedIn(filter ?? {}, ownPools));
        expect(answer.customer?.seats).toEqual(answer.customerSeats);
        expect(answer.viewer.organizations[0]?.seats).toEqual(answer.customerSeats);
        expect(answer.seatPool).toBeNull();
        const foreign = await lists(fixture.tokens[kind], { poolIds: [otherPool] }, pools[0]);
        expect(foreign.customerSeats).toEqual({ totalCount: 0, nodes: [] });
        expect(foreign.seatPool?.seats).toEqual({ totalCount: 0, nodes: [] });
      }
    },
  );

  test('a product: those of its pools', async () => {
    const { product } = fixture.ids;
    const { customerSeats } = await lists(fixture.tokens.organization, { productIds: [product] });
    expect(customerSeats).toEqual(
      wantedIn(
        {},
        pools.filter((_, i) => i !== 1),
      ),
    );
  });

  test('without the member model, the holder is the customer', async () => {
    const customers = await usher.addFixture({ memberModelEnabled: false });
    const { otherCustomer, organization } = customers.ids;
    const { body } = await assign(usher, customers, { customer_id: otherCustomer });
    await usher.db.customer.update({
      where: { organizationId_id: { organizationId: organization, id: otherCustomer } },
      data: { name: 'Initech Ltd' },
    });
    for (const filter of [
      { search: 'tech lt' },
      { search: 'INITECH@' },
      { email: 'initech@initech.example' },
    ]) {
      const { nodes } = await find({ filter }, customers.tokens.organization);
      expect(nodes).toEqual([{ id: body.id }]);
    }
  });
});

describe('while others write', () => {
  const ORDERS = Object.keys(KEYS).flatMap(field =>
    (['ASC', 'DESC'] as const).flatMap(direction =>
      (['forward', 'backward'] as const).map(way => ({ field, direction, way })),
    ),
  );

  test.each(ORDERS)('$field $direction $way: nothing twice, and all that stayed', async each => {
    const busy = await usher.addFixture({ seats: 200 });
    const { organization, subscription, customer } = busy.ids;
    await addSeats(busy, 60, () => ({ pool: subscription, customer }));
    const where = { organizationId: organization };
    const before = await usher.db.customerSeat.findMany({ where, include: { member: true } });
    const touched = new Set<string>();
    let n = 0;
    const others = async () => {
      const token = busy.tokens.organization;
      n += 1;
      // It is given a revoked seat, if there is one.
      const { body } = await assign(usher, busy, { email: `new${n}@globex.example` });
      touched.add(String(body.id));
      for (const status of ['pending', 'claimed'] as const) {
        const seat = before.find(
          ({ id, status: is, memberId }) => is === status && memberId && !touched.has(id),
        );
        if (!seat?.memberId) continue;
        touched.add(seat.id);
        if (n % 2) await usher.rest('DELETE', `/v1/customer-seats/${seat.id}`, { token });
        else
          await update(usher, token, {
            memberId: seat.memberId,
            email: `${n}${seat.email ?? 'a@b.example'}`,
          });
      }
      const kept = before.find(({ id, memberId }) => memberId && !touched.has(id));
      if (kept?.memberId)
        await update(usher, token, { memberId: kept.memberId, name: `Name ${n}` });
    };
    const orderBy = { field: each.field, direction: each.direction };
    const token = fixture.tokens.organization;
    fixture.tokens.organization = busy.tokens.organization;
    const read = await readAll({ orderBy }, 9, each.way, others).finally(() => {
      fixture.tokens.organization = token;
    });
    expect(n).toBeGreaterThan(3);
    expect(new Set(read).size).toBe(read.length);
    const stayed = before.map(({ id }) => id).filter(id => !touched.has(id));
    expect(stayed.filter(id => !read.includes(id))).toEqual([]);
  });
});

describe('each value of a condition', () => {
  const VALUES = [
    { invitationState: ['OPEN'] },
    { invitationState: ['EXPIRED'] },
    { invitationState: ['CLOSED'] },
    { invitationState: ['CLOSED', 'OPEN', 'EXPIRED'] },
    { status: ['PENDING'] },
    { status: ['CLAIMED'] },
    { status: ['REVOKED'] },
  ];
  const fields = Object.keys(KEYS);
  test.each(VALUES)('%j', async filter => {
    for (const field of fields) {
      const orderBy = { field, direction: 'DESC' } as const;
      expect(await readAll({ filter, orderBy }, 50, 'backward')).toEqual(expected(filter, orderBy));
    }
  });

  test.each(['', '  ', 'a', '@@@', '%'])('nobody has the address "%s"', async email => {
    expect(await find({ filter: { email } })).toMatchObject({ nodes: [], totalCount: 0 });
  });
});

test('a search by a session finds nothing in what it does not see of a holder', async () => {
  const customers = await usher.addFixture({ memberModelEnabled: false });
  const { otherCustomer, organization } = customers.ids;
  await assign(usher, customers, { customer_id: otherCustomer });
  await usher.db.customer.update({
    where: { organizationId_id: { organizationId: organization, id: otherCustomer } },
    data: { name: 'Initech Ltd', externalId: 'secret-id' },
  });
  for (const search of ['tech ltd', 'secret-id']) {
    const filter = { search };
    expect((await find({ filter }, customers.tokens.organization)).totalCount).toBe(1);
    expect((await find({ filter }, customers.tokens.customer)).totalCount).toBe(0);
  }
  const byAddress = { filter: { search: 'initech@' } };
  expect((await find(byAddress, customers.tokens.customer)).totalCount).toBe(1);
});

describe('what is refused', () => {
  test.each([
    [{ filter: { status: [] } }, '`filter.status` is an empty list'],
    [{ filter: { ids: Array.from({ length: 101 }, () => randomUUID()) } }, 'more than 100'],
    [{ filter: { search: 'ab' } }, 'at least three characters'],
    [{ filter: { search: '---a' } }, 'two of them letters or digits'],
    [{ filter: { search: 'x'.repeat(321) } }, 'more than 320'],
    [{ filter: { search: 'abc\u0000' } }, 'cannot be stored'],
    [{ filter: { assignedAt: {} } }, '`since`, `before` or both'],
    [{ first: 1, last: 1 }, 'not for both'],
  ])('%j', async (variables, message) => {
    const answer = await usher.graphql(FIND, variables, fixture.tokens.organization);
    expect(answer.errors?.[0]?.message).toContain(message);
    expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  test("another list's cursor", async () => {
    const { pageInfo } = await find({ first: 2, orderBy: { field: 'EMAIL' } });
    const after = pageInfo.endCursor;
    for (const list of [
      {},
      { orderBy: { field: 'EMAIL', direction: 'DESC' } },
      { orderBy: { field: 'EMAIL' }, filter: { status: ['PENDING'] } },
    ]) {
      const answer = await usher.graphql(FIND, { ...list, after }, fixture.tokens.organization);
      expect(answer.errors?.[0]?.message).toContain('not a cursor of this list');
    }
  });
});
