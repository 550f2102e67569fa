import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { tokenOf } from './support/invitations.ts';
import { startUsher, type TestUsher } from './support/usher.ts';
import type { World } from './support/world.ts';

// How many statements an operation costs, who is asking included. What is told to other processes goes out apart from
// requests, gathered from many of them, and is not counted. Nor are changes of members, webhook endpoints and settings,
// which no bench measures: each is a plain transaction.

let usher: TestUsher;
let world: World;
beforeAll(async () => {
  usher = await startUsher();
  world = await usher.addWorld({ seats: 1_000 });
  // From when the server hears of changed tokens on, it need not look this one up.
  await vi.waitFor(() => expectStatements(0, () => graphql('{ viewer { kind } }')));
});
afterAll(() => usher.close());
afterEach(() => void vi.restoreAllMocks());

// What a new connection is given counts for no request, nor does looking up who asks, which is done every other second.
const APART = /^(?:SELECT pg_notify|LISTEN|SET SESSION|SELECT 'organization' AS kind)\b/;

/** What was sent to PostgreSQL while `work` was done. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const query = pg.Client.prototype.query;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [first] = args as [string | { text: string }];
    const text = (typeof first === 'string' ? first : first.text).trim();
    if (!APART.test(text)) sent.push(text);
    return (query as (...args: unknown[]) => unknown).apply(this, args) as never;
  });
  await work();
  spy.mockRestore();
  return sent;
}

async function expectStatements(count: number, work: () => Promise<unknown>): Promise<void> {
  const sent = await statementsOf(work);
  expect(sent, sent.join('\n\n')).toHaveLength(count);
}

let people = 0;
const nextEmail = () => `person-${++people}@globex.example`;

async function rest(method: string, path: string, body?: unknown) {
  const answer = await usher.rest(method, `/v1/customer-seats${path}`, {
    token: world.tokens.organization,
    body,
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

const assign = (facts: object = {}) =>
  rest('POST', '', { subscription_id: world.ids.subscription, email: nextEmail(), ...facts });

async function graphql(document: string, variables: object = {}) {
  const { data, errors } = await usher.graphql(document, variables, world.tokens.organization);
  expect(errors).toBeUndefined();
  return data as Record<string, { __typename?: string }>;
}

const SEAT = `query ($id: UUID!) { customerSeat(id: $id) { id status email member { id email name } } }`;
const POOL = `query ($id: UUID!, $first: Int = 50) {
  customerSubscription(id: $id) {
    totalSeats availableSeats pendingSeats claimedSeats
    seats(first: $first) { nodes { id status email member { id email name } } }
  }
}`;
const ASSIGN = `mutation ($input: AssignSeatInput!) {
  assignSeat(input: $input) { __typename ... on AssignSeatSuccess { seat { id status email member { id email name } } } }
}`;

describe('through GraphQL', () => {
  // The third time it is compiled.
  test.each([1, 2, 3])('a seat is read with one statement, the %s. time', async () => {
    const { id } = await assign();
    await expectStatements(1, () => graphql(SEAT, { id }));
  });

  test.each([1, 2, 3])('a pool with a page of seats is read with two, the %s. time', async () => {
    await expectStatements(2, () => graphql(POOL, { id: world.ids.subscription }));
  });

  test.each([1, 2, 3])('a seat is assigned with one, the %s. time', async () => {
    const source = { subscriptionId: world.ids.subscription };
    await expectStatements(1, async () => {
      const input = { source, recipient: { email: nextEmail() } };
      const { assignSeat } = await graphql(ASSIGN, { input });
      expect(assignSeat?.__typename).toBe('AssignSeatSuccess');
    });
  });

  test('who asks for many seats at once shares statements with the others', async () => {
    const seats = await Promise.all(Array.from({ length: 40 }, () => assign()));
    const sent = await statementsOf(() =>
      Promise.all(seats.map(({ id }) => graphql(SEAT, { id }))),
    );
    expect(sent.length).toBeLessThan(20);
  });

  test('the widest query takes as many however long its pages are', async () => {
    await Promise.all(Array.from({ length: 20 }, () => assign()));
    const widest = (first: number) =>
      statementsOf(() => graphql(WIDEST, { id: world.ids.subscription, first }));
    const short = await widest(2);
    expect(short.length).toBeLessThanOrEqual(11);
    expect(await widest(20)).toHaveLength(short.length);
    // Planned by now.
    expect(await widest(20)).toHaveLength(short.length);
  });

  test('a page of claimed subscriptions takes two, with their products and customers', async () => {
    const { ids, tokens } = await usher.addWorld();
    const other = { id: randomUUID(), organizationId: ids.organization, seats: 5 };
    await usher.db.subscription.create({
      data: { ...other, productId: ids.product, customerId: ids.customer },
    });
    for (const subscription_id of [ids.subscription, other.id]) {
      const body = { subscription_id, member_id: ids.member, immediate_claim: true };
      const { organization: token } = tokens;
      expect((await usher.rest('POST', '/v1/customer-seats', { token, body })).status).toBe(200);
    }
    await usher.graphql('{ viewer { kind } }', {}, tokens.member);
    await expectStatements(2, async () => {
      const { data } = await usher.graphql(CLAIMED, {}, tokens.member);
      const pool = { product: { name: 'Team Pro' }, customer: { id: ids.customer } };
      expect(data).toEqual({ claimedSubscriptions: { totalCount: 2, nodes: [pool, pool] } });
    });
  });
});

const CLAIMED = `{
  claimedSubscriptions { totalCount nodes { product { name } customer { id } } }
}`;

const WIDEST = `query ($id: UUID!, $first: Int!) {
  customerSubscription(id: $id) {
    id createdAt modifiedAt checkoutId status totalSeats availableSeats pendingSeats claimedSeats
    product { id name } customer { id email }
    seats(first: $first) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node {
        id createdAt modifiedAt status subscriptionId orderId customerId memberId email customerEmail
        invitationTokenExpiresAt invitationUrl claimedAt revokedAt metadata
        subscription { availableSeats pendingSeats product { name } customer { name } }
        order { id }
        member {
          id createdAt email name externalId role customer { id email }
          seats(first: 2) { totalCount nodes { id status subscription { totalSeats } } }
        }
      } }
    }
  }
}`;

describe('through REST', () => {
  test('assigning takes one, to whomever of the team', async () => {
    await expectStatements(1, () => assign());
    await expectStatements(1, () =>
      assign({ subscription_id: undefined, order_id: world.ids.order }),
    );
    await expectStatements(1, () => assign({ immediate_claim: true, metadata: { desk: 4 } }));
    await expectStatements(1, () => assign({ email: undefined, member_id: world.ids.member }));
  });

  test('assigning of a checkout, or to somebody who has to be looked up first, takes two', async () => {
    const { subscriptionCheckout, orderCheckout, otherCustomer } = world.ids;
    const of = (checkout_id: string) => ({ subscription_id: undefined, checkout_id });
    await expectStatements(2, () => assign(of(subscriptionCheckout)));
    await expectStatements(2, () => assign(of(orderCheckout)));
    await expectStatements(2, () => assign({ external_member_id: 'usr_new' }));
    await expectStatements(2, () => assign({ email: undefined, external_member_id: 'usr_jane' }));
    await expectStatements(2, () => assign({ email: undefined, customer_id: otherCustomer }));
    await expectStatements(2, () =>
      assign({ ...of(orderCheckout), email: undefined, external_customer_id: 'globex' }),
    );
  });

  test('without the member model it takes two, a revoked seat or not', async () => {
    const memberless = await usher.addWorld({ memberModelEnabled: false });
    const assignTo = (facts: object) =>
      usher.rest('POST', '/v1/customer-seats', {
        token: memberless.tokens.organization,
        body: { subscription_id: memberless.ids.subscription, ...facts },
      });
    await usher.graphql('{ viewer { kind } }', {}, memberless.tokens.organization);
    for (const facts of [
      { email: 'sam@globex.example' },
      { email: 'initech@initech.example' },
      { customer_id: memberless.ids.customer },
    ]) {
      let id = '';
      await expectStatements(2, async () => {
        const { status, text, body } = await assignTo(facts);
        expect(status, text).toBe(200);
        id = body.id;
      });
      await usher.rest('DELETE', `/v1/customer-seats/${id}`, {
        token: memberless.tokens.organization,
      });
    }
  });

  test('a refusal takes no more', async () => {
    const full = await usher.addWorld({ seats: 2 });
    const assignIn = (facts: object) =>
      usher.rest('POST', '/v1/customer-seats', { token: full.tokens.organization, body: facts });
    const source = { subscription_id: full.ids.subscription };
    await assignIn({ ...source, email: 'sam@globex.example' });
    await assignIn({ ...source, email: 'eve@globex.example' });
    await assignIn({ order_id: full.ids.order, member_id: full.ids.member });
    for (const [error, count, facts] of [
      ['SeatNotAvailable', 2, { ...source, email: 'raj@globex.example' }],
      ['ResourceNotFound', 2, { subscription_id: randomUUID(), email: 'raj@globex.example' }],
      ['MemberNotFound', 2, { order_id: full.ids.order, member_id: randomUUID() }],
      ['SeatAlreadyAssigned', 2, { order_id: full.ids.order, email: 'MIA@globex.example' }],
      ['ResourceNotFound', 1, { checkout_id: randomUUID(), email: 'raj@globex.example' }],
      ['MemberNotFound', 1, { order_id: full.ids.order, external_member_id: 'usr_nobody' }],
    ] as const) {
      await expectStatements(count, async () =>
        expect((await assignIn(facts)).body.error).toBe(error),
      );
    }
  });

  test('a revoked seat is given again with two', async () => {
    const { id } = await assign();
    await expectStatements(2, () => rest('DELETE', `/${id}`));
    await expectStatements(2, async () => expect((await assign()).id).toBe(id));
  });

  test('a list takes two', async () => {
    await expectStatements(2, () => rest('GET', `?subscription_id=${world.ids.subscription}`));
  });

  test('the rest of the life of a seat takes two each', async () => {
    const { id } = await assign();
    await expectStatements(2, () => rest('POST', `/${id}/resend`));
    const token = await tokenOf(usher, id);
    await expectStatements(1, () => rest('GET', `/claim/${token}`));
    await expectStatements(2, () => rest('POST', '/claim', { invitation_token: token }));
    await expectStatements(2, () => rest('DELETE', `/${id}`));
    await expectStatements(1, () => rest('DELETE', `/${id}`));
  });

  test('so does a claim by somebody who is no member yet, or has no address', async () => {
    for (const data of [
      { memberId: null },
      { memberId: null, email: nextEmail() },
      { memberId: null, email: 'RAJ@globex.example' },
    ]) {
      const { id } = await assign();
      const token = await tokenOf(usher, id);
      await usher.db.customerSeat.updateMany({ where: { id }, data });
      await expectStatements(2, () => rest('POST', '/claim', { invitation_token: token }));
    }
  });

  test('a session takes two', async () => {
    await expectStatements(2, () =>
      usher.rest('POST', '/v1/customer-sessions/', {
        token: world.tokens.organization,
        body: { customer_id: world.ids.customer },
      }),
    );
  });
});
