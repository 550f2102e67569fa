import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import type { Fixture } from '../support/fixture.ts';
import { importFile } from '../support/import.ts';
import { addToken, givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// From a token or a session to everything that it may see, and nothing else.

let usher: TestUsher;
let fixture: Fixture;
let other: Fixture;
/** A subscription of the second customer of the fixture's organization. */
let foreignSubscription: string;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
  other = await usher.addFixture();
  foreignSubscription = await addSubscription(fixture, fixture.ids.otherCustomer);
  await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  await givenSeat(usher, fixture, {
    order_id: fixture.ids.order,
    member_id: fixture.ids.member,
    immediate_claim: true,
  });
});
afterAll(() => usher.close());

async function addSubscription({ ids }: Fixture, customerId: string): Promise<string> {
  const { id } = await usher.db.subscription.create({
    data: {
      id: randomUUID(),
      organizationId: ids.organization,
      customerId,
      productId: ids.product,
      seats: 7,
    },
  });
  return id;
}

type Nodes = { nodes: { id: string }[]; totalCount: number } | null;

const LISTS = `{
  viewer {
    organizations {
      id
      customers { totalCount nodes { id } }
      subscriptions { totalCount nodes { id } }
      orders { totalCount nodes { id } }
    }
  }
}`;

interface Lists {
  viewer: {
    organizations: { id: string; customers: Nodes; subscriptions: Nodes; orders: Nodes }[];
  };
}

describe("an organization's lists", () => {
  test.each(['organization', 'personal', 'reader'] as const)('%s token: all of it', async kind => {
    const { viewer } = await ask<Lists>(usher, LISTS, fixture.tokens[kind]);
    const { ids } = fixture;
    expect(viewer.organizations).toEqual([
      {
        id: ids.organization,
        customers: page(ids.customer, ids.otherCustomer),
        subscriptions: page(ids.subscription, foreignSubscription),
        orders: page(ids.order),
      },
    ]);
  });

  test.each(['customer', 'owner', 'manager', 'member'] as const)(
    '%s session: what is its own',
    async kind => {
      const { viewer } = await ask<Lists>(usher, LISTS, fixture.tokens[kind]);
      const { ids } = fixture;
      expect(viewer.organizations).toEqual([
        {
          id: ids.organization,
          customers: page(ids.customer),
          subscriptions: page(ids.subscription),
          orders: page(ids.order),
        },
      ]);
    },
  );

  test('a token without the scope: nothing', async () => {
    const { viewer } = await ask<Lists>(usher, LISTS, fixture.tokens.scopeless);
    const { organization: id } = fixture.ids;
    expect(viewer.organizations).toEqual([
      { id, customers: null, subscriptions: null, orders: null },
    ]);
  });

  test('deleted rows are in none', async () => {
    const fresh = await usher.addFixture();
    const { ids, tokens } = fresh;
    const deleted = { data: { deletedAt: new Date() } };
    await usher.db.subscription.updateMany({ where: { id: ids.subscription }, ...deleted });
    await usher.db.order.updateMany({ where: { id: ids.order }, ...deleted });
    await usher.db.customer.updateMany({ where: { id: ids.otherCustomer }, ...deleted });
    const { viewer } = await ask<Lists>(usher, LISTS, tokens.organization);
    expect(viewer.organizations).toMatchObject([
      { customers: page(ids.customer), subscriptions: page(), orders: page() },
    ]);
  });
});

const page = (...ids: string[]) => ({
  totalCount: ids.length,
  nodes: expect.toSatisfy(
    (nodes: { id: string }[]) =>
      JSON.stringify(nodes.map(({ id }) => id).sort()) === JSON.stringify(ids.sort()),
  ),
});

describe('by id', () => {
  const ORGANIZATION = 'query ($id: ID) { organization(id: $id) { id slug } }';
  test('an organization: the own one, by id or without', async () => {
    for (const kind of ['organization', 'personal', 'scopeless', 'customer', 'member'] as const) {
      const token = fixture.tokens[kind];
      const { id, slug } = { id: fixture.ids.organization, slug: fixture.slug };
      expect(await ask(usher, ORGANIZATION, token, { id })).toEqual({ organization: { id, slug } });
      expect(await ask(usher, ORGANIZATION, token)).toEqual({ organization: { id, slug } });
      const foreign = { id: other.ids.organization };
      expect(await ask(usher, ORGANIZATION, token, foreign)).toEqual({ organization: null });
      expect(await ask(usher, ORGANIZATION, token, { id: randomUUID() })).toEqual({
        organization: null,
      });
    }
  });

  const CUSTOMER = 'query ($by: CustomerLookupInput!) { customer(by: $by) { id } }';
  const found = (id: string | null) => ({ customer: id && { id } });
  test.each([
    ['id', (f: Fixture) => ({ id: f.ids.otherCustomer })],
    ['external id', () => ({ externalId: 'initech' })],
    ['address', () => ({ email: 'INITECH@initech.example' })],
  ] as const)('a customer by %s: for tokens, and its own session', async (_, by) => {
    const { tokens, ids } = fixture;
    const variables = { by: by(fixture) };
    for (const token of [tokens.organization, tokens.personal, tokens.otherCustomer]) {
      expect(await ask(usher, CUSTOMER, token, variables)).toEqual(found(ids.otherCustomer));
    }
    for (const token of [tokens.customer, tokens.owner, tokens.member]) {
      expect(await ask(usher, CUSTOMER, token, variables)).toEqual(found(null));
    }
  });

  test('a customer of another organization, or none', async () => {
    const { organization } = fixture.tokens;
    for (const by of [
      { id: other.ids.customer },
      { id: randomUUID() },
      { externalId: 'nobody' },
      { externalId: 'a\0b' },
      { email: 'nobody@globex.example' },
    ]) {
      expect(await ask(usher, CUSTOMER, organization, { by })).toEqual(found(null));
    }
  });

  const POOL = `query ($source: SeatSourceInput!) {
    seatPool(source: $source) { __typename id product { name } customer { id } totalSeats seats { totalCount } }
  }`;
  const sources = (f: Fixture) => [
    [{ subscriptionId: f.ids.subscription }, 'CustomerSubscription', f.ids.subscription],
    [{ orderId: f.ids.order }, 'CustomerOrder', f.ids.order],
    [{ checkoutId: f.ids.subscriptionCheckout }, 'CustomerSubscription', f.ids.subscription],
    [{ checkoutId: f.ids.orderCheckout }, 'CustomerOrder', f.ids.order],
  ];
  test('a pool by each source', async () => {
    for (const [source, type, id] of sources(fixture)) {
      for (const kind of ['organization', 'reader', 'customer', 'member'] as const) {
        expect(await ask(usher, POOL, fixture.tokens[kind], { source })).toEqual({
          seatPool: {
            __typename: type,
            id,
            product: { name: 'Team Pro' },
            customer: { id: fixture.ids.customer },
            totalSeats: 5,
            seats: { totalCount: 1 },
          },
        });
      }
      for (const token of [fixture.tokens.otherCustomer, other.tokens.organization]) {
        expect(await ask(usher, POOL, token, { source })).toEqual({ seatPool: null });
      }
    }
  });
});

describe("a customer's lists", () => {
  const CUSTOMER = `query ($id: ID!) {
    customer(by: { id: $id }) {
      members { totalCount nodes { id } }
      subscriptions { totalCount nodes { id } }
      orders { totalCount nodes { id } }
    }
  }`;
  test.each(['organization', 'customer', 'owner', 'member'] as const)('%s', async kind => {
    const { ids, tokens } = fixture;
    const sam = await usher.db.member.findFirstOrThrow({
      where: { organizationId: ids.organization, email: 'sam@globex.example' },
    });
    expect(await ask(usher, CUSTOMER, tokens[kind], { id: ids.customer })).toEqual({
      customer: {
        members: page(ids.owner, ids.manager, ids.member, sam.id),
        subscriptions: page(ids.subscription),
        orders: page(ids.order),
      },
    });
  });

  test('a customer who holds a seat of another customer sees nothing of the other by it', async () => {
    const fresh = await usher.addFixture({ memberModelEnabled: false });
    const { ids, tokens } = fresh;
    await givenSeat(usher, fresh, { customer_id: ids.otherCustomer, immediate_claim: true });
    const document = `{
      claimedSubscriptions { nodes { id customer { id } seats { totalCount } } }
    }`;
    expect(await ask(usher, document, tokens.otherCustomer)).toEqual({
      claimedSubscriptions: { nodes: [{ id: ids.subscription, customer: null, seats: null }] },
    });
  });

  test('pages go through all, forward and backward, with cursors of their own list', async () => {
    const fresh = await usher.addFixture();
    const { ids, tokens } = fresh;
    const [organization] = fresh.document.organizations;
    const members = Array.from({ length: 23 }, (_, i) => ({
      id: randomUUID(),
      email: `person-${i}@globex.example`,
    }));
    organization?.customers[0]?.members.push(...(members as never[]));
    await importFile(usher.databaseUrl, fresh.document);
    const PAGE = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      customer(by: { id: $id }) {
        members(first: $first, after: $after, last: $last, before: $before) {
          nodes { id }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }`;
    type Page = {
      customer: {
        members: {
          nodes: { id: string }[];
          pageInfo: {
            hasNextPage: boolean;
            hasPreviousPage: boolean;
            startCursor: string;
            endCursor: string;
          };
        };
      };
    };
    const seen: string[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const variables: object = { id: ids.customer, first: 5, after };
      const { customer }: Page = await ask<Page>(usher, PAGE, tokens.organization, variables);
      seen.push(...customer.members.nodes.map(({ id }) => id));
      more = customer.members.pageInfo.hasNextPage;
      after = customer.members.pageInfo.endCursor;
    }
    expect(new Set(seen).size).toBe(26);
    expect(seen).toHaveLength(26);
    const back: string[] = [];
    let cursor: string | null = null;
    for (let more = true; more; ) {
      const variables: object = { id: ids.customer, last: 5, before: cursor };
      const { customer }: Page = await ask<Page>(usher, PAGE, tokens.organization, variables);
      back.unshift(...customer.members.nodes.map(({ id }) => id));
      more = customer.members.pageInfo.hasPreviousPage;
      cursor = customer.members.pageInfo.startCursor;
    }
    expect(back).toEqual(seen);
    const { errors } = await usher.graphql(
      PAGE,
      { id: ids.otherCustomer, first: 5, after: cursor },
      tokens.organization,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('usage', () => {
  const USAGE = `query ($pool: ID!, $customer: ID!) {
    customerSubscription(id: $pool) { seatAvailability usage { ...all } }
    customer(by: { id: $customer }) { usage { ...all } organization { usage { ...all } } }
    organization { usage { ...all } }
  }
  fragment all on SeatUsage {
    id total available pending expiredInvitations claimed overage utilization
  }`;

  test('counts a pool, a customer and an organization', async () => {
    const fresh = await usher.addFixture({ seats: 4 });
    const { ids, tokens } = fresh;
    await addSubscription(fresh, ids.otherCustomer);
    const [first] = await Promise.all([
      givenSeat(usher, fresh, { email: 'a@globex.example' }),
      givenSeat(usher, fresh, { email: 'b@globex.example' }),
      givenSeat(usher, fresh, { email: 'c@globex.example', immediate_claim: true }),
      givenSeat(usher, fresh, {
        order_id: ids.order,
        email: 'c@globex.example',
        immediate_claim: true,
      }),
    ]);
    await usher.db.customerSeat.updateMany({
      where: { id: first.id },
      data: { invitationTokenExpiresAt: new Date(Date.now() - 1_000) },
    });
    const ofPool = {
      id: ids.subscription,
      ...{ total: 4, available: 1, pending: 2, expiredInvitations: 1, claimed: 1, overage: 0 },
      utilization: 0.75,
    };
    const ofCustomer = {
      id: ids.customer,
      ...{ total: 8, available: 4, pending: 2, expiredInvitations: 1, claimed: 2, overage: 0 },
      utilization: 0.5,
    };
    const variables = { pool: ids.subscription, customer: ids.customer };
    const usage = {
      ...ofCustomer,
      id: ids.organization,
      total: 15,
      available: 11,
      utilization: 4 / 15,
    };
    expect(await ask(usher, USAGE, tokens.organization, variables)).toEqual({
      customerSubscription: { seatAvailability: 'AVAILABLE', usage: ofPool },
      customer: { usage: ofCustomer, organization: { usage } },
      organization: { usage },
    });
    expect(await ask(usher, USAGE, tokens.manager, variables)).toEqual({
      customerSubscription: { seatAvailability: 'AVAILABLE', usage: ofPool },
      customer: { usage: ofCustomer, organization: { usage: ofCustomer } },
      organization: { usage: ofCustomer },
    });
  });

  test('of a pool that has more seats than were bought', async () => {
    const fresh = await usher.addFixture({ subscriptionStatus: 'canceled', seats: 0 });
    const { ids, tokens } = fresh;
    const variables = { pool: ids.subscription, customer: ids.customer };
    expect(await ask(usher, USAGE, tokens.organization, variables)).toMatchObject({
      customerSubscription: {
        seatAvailability: 'ENDED',
        usage: { total: 0, available: 0, utilization: 0 },
      },
    });
  });

  test('is null without the scope', async () => {
    const token = await addToken(usher, fixture, ['organizations:read']);
    expect(await ask(usher, '{ organization { id usage { total } } }', token)).toEqual({
      organization: { id: fixture.ids.organization, usage: null },
    });
  });
});

test('the error of an assignment says why there is no seat', async () => {
  const document = `mutation ($input: AssignSeatInput!) {
    assignSeat(input: $input) { ... on SeatNotAvailableError { code reason sourceId } }
  }`;
  for (const [options, reason] of [
    [{ seats: 0 }, 'FULL'],
    [{ subscriptionStatus: 'incomplete' }, 'NOT_PAID'],
    [{ subscriptionStatus: 'canceled' }, 'ENDED'],
  ] as const) {
    const { ids, tokens } = await usher.addFixture(options);
    const input = {
      source: { subscriptionId: ids.subscription },
      recipient: { email: 'sam@globex.example' },
    };
    expect(await ask(usher, document, tokens.organization, { input })).toEqual({
      assignSeat: { code: 'SEAT_NOT_AVAILABLE', reason, sourceId: ids.subscription },
    });
  }
});
