import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import {
  CustomerSeatDocument,
  MemberSeatsDocument,
  OrderSeatsDocument,
  SubscriptionSeatsDocument,
  ViewerDocument,
} from '../support/operations/graphql.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
let other: Fixture;
const seats: string[] = [];

beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture({ seats: 20 });
  other = await usher.addFixture();
  for (let i = 0; i < 7; i++) {
    const { body } = await usher.rest('POST', '/v1/customer-seats', {
      token: fixture.tokens.organization,
      body: {
        subscription_id: fixture.ids.subscription,
        email: i === 0 ? 'mia@globex.example' : `person${i}@globex.example`,
        immediate_claim: i === 1,
      },
    });
    seats.push(body.id);
  }
});
afterAll(() => usher.close());

test('a seat comes with its member', async () => {
  const { data } = await usher.graphql(
    CustomerSeatDocument,
    { id: seats[0] ?? '' },
    fixture.tokens.organization,
  );
  expect(data?.customerSeat).toMatchObject({
    id: seats[0],
    status: 'PENDING',
    email: 'Mia@globex.example',
    customerEmail: 'Mia@globex.example',
    member: { id: fixture.ids.member, role: 'MEMBER', externalId: 'usr_mia' },
  });
});

test('a member comes with customer and seats, and each seat with its pool', async () => {
  const { data } = await usher.graphql(
    MemberSeatsDocument,
    { id: fixture.ids.member },
    fixture.tokens.personal,
  );
  expect(data?.member).toMatchObject({
    email: 'Mia@globex.example',
    customer: { id: fixture.ids.customer },
    seats: {
      totalCount: 1,
      nodes: [
        {
          id: seats[0],
          subscription: { id: fixture.ids.subscription, product: { name: 'Team Pro' } },
        },
      ],
    },
  });
});

describe('a pool', () => {
  test('counts its seats', async () => {
    const { data } = await usher.graphql(
      SubscriptionSeatsDocument,
      { id: fixture.ids.subscription },
      fixture.tokens.owner,
    );
    expect(data?.customerSubscription).toMatchObject({
      totalSeats: 20,
      availableSeats: 13,
      pendingSeats: 6,
      claimedSeats: 1,
      seats: { totalCount: 7 },
    });
    const order = await usher.graphql(
      OrderSeatsDocument,
      { id: fixture.ids.order },
      fixture.tokens.owner,
    );
    expect(order.data?.customerOrder).toMatchObject({ totalSeats: 20, availableSeats: 20 });
  });

  test('pages forward through all of them in order, each once', async () => {
    const seen: string[] = [];
    let after: string | null | undefined;
    do {
      const { data } = await usher.graphql(
        SubscriptionSeatsDocument,
        { id: fixture.ids.subscription, first: 3, after },
        fixture.tokens.organization,
      );
      const page = data?.customerSubscription?.seats;
      seen.push(...(page?.nodes.map(({ id }) => id) ?? []));
      after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
    } while (after);
    expect(seen).toEqual(seats);
  });

  test('pages backward', async () => {
    const { data } = await usher.graphql<
      { customerSubscription: { seats: { nodes: { id: string }[]; pageInfo: object } } },
      object
    >(
      `query ($id: ID!) { customerSubscription(id: $id) {
        seats(last: 2) { nodes { id } pageInfo { hasPreviousPage } } } }`,
      { id: fixture.ids.subscription },
      fixture.tokens.organization,
    );
    expect(data?.customerSubscription.seats).toEqual({
      nodes: seats.slice(-2).map(id => ({ id })),
      pageInfo: { hasPreviousPage: true },
    });
  });

  test('filters by status', async () => {
    const { data } = await usher.graphql(
      SubscriptionSeatsDocument,
      { id: fixture.ids.subscription, filter: { status: ['CLAIMED'] } },
      fixture.tokens.organization,
    );
    expect(data?.customerSubscription?.seats).toMatchObject({
      totalCount: 1,
      nodes: [{ id: seats[1], status: 'CLAIMED' }],
    });
  });

  test.each([{ first: 101 }, { first: -1 }, { after: 'nonsense' }])(
    'a page that cannot be: %o',
    async args => {
      const { data, errors } = await usher.graphql(
        SubscriptionSeatsDocument,
        { id: fixture.ids.subscription, ...args },
        fixture.tokens.organization,
      );
      expect(data?.customerSubscription?.seats).toBeNull();
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    },
  );

  test('more than one operation may ask for is refused before anything is read', async () => {
    const deep = (n: number): string =>
      n === 0 ? 'id' : `seats(first: 100) { nodes { subscription { ${deep(n - 1)} } } }`;
    const { errors } = await usher.graphql(
      `query ($id: ID!) { customerSubscription(id: $id) { ${deep(3)} } }`,
      { id: fixture.ids.subscription },
      fixture.tokens.organization,
    );
    expect(errors?.[0]?.extensions?.code).toBe('QUERY_TOO_COMPLEX');
  });
});

describe('the viewer', () => {
  test.each([
    ['organization', 'ORGANIZATION'],
    ['personal', 'USER'],
    ['customer', 'CUSTOMER'],
    ['owner', 'MEMBER'],
  ] as const)('%s', async (name, kind) => {
    const { data } = await usher.graphql(ViewerDocument, {}, fixture.tokens[name]);
    expect(data?.viewer).toMatchObject({ kind, organizations: [{ id: fixture.ids.organization }] });
    const isSession = name === 'customer' || name === 'owner';
    expect(data?.viewer?.customer?.id).toBe(isSession ? fixture.ids.customer : undefined);
    expect(data?.viewer?.member?.id).toBe(name === 'owner' ? fixture.ids.owner : undefined);
  });

  test('nobody', async () => {
    expect(await usher.graphql(ViewerDocument, {})).toMatchObject({
      status: 200,
      data: { viewer: null },
    });
  });
});

describe('what a caller may not see is null', () => {
  const strangers = (): [string, string][] => [
    ['another organization', other.tokens.organization],
    ['a person of another organization', other.tokens.personal],
    ["another organization's customer", other.tokens.owner],
    ['another customer of the same organization', fixture.tokens.otherCustomer],
  ];

  test('to a stranger nothing exists', async () => {
    for (const [, token] of strangers()) {
      for (const [document, id] of [
        [CustomerSeatDocument, seats[0] ?? ''],
        [SubscriptionSeatsDocument, fixture.ids.subscription],
        [OrderSeatsDocument, fixture.ids.order],
        [MemberSeatsDocument, fixture.ids.member],
      ] as const) {
        const answer = await usher.graphql<Record<string, unknown>, { id: string }>(
          document as never,
          { id },
          token,
        );
        expect(answer.status).toBe(200);
        expect(answer.errors).toBeUndefined();
        expect(Object.values(answer.data ?? {})).toEqual([null]);
      }
    }
  });

  test('a token without the scope is told which it lacks', async () => {
    const { data, errors } = await usher.graphql(
      CustomerSeatDocument,
      { id: seats[0] ?? '' },
      fixture.tokens.scopeless,
    );
    expect(data).toEqual({ customerSeat: null });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'NOT_PERMITTED' } });
  });

  test('without a token: 401', async () => {
    const { status, errors } = await usher.graphql(CustomerSeatDocument, { id: seats[0] ?? '' });
    expect(status).toBe(401);
    expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });
});
