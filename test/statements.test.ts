import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { recordSystem } from '../src/auth/recorded-actor.ts';
import { openDatabase } from '../src/db/client.ts';
import { createAssignments } from '../src/seats/store/assignments.ts';
import type { Fixture } from './support/fixture.ts';
import { tokenOf } from './support/invitations.ts';
import { roundTripsOf, statementsOf } from './support/statements.ts';
import { startUsher, type TestUsher } from './support/usher.ts';

// How many statements an operation costs, who is asking included. What is told to other processes goes out apart from
// requests, gathered from many of them, and is not counted. Nor are changes of members, webhook endpoints and settings,
// which no bench measures: each is a plain transaction.

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture({ seats: 1_000 });
  // From when the server hears of changed tokens on, it need not look this one up.
  await vi.waitFor(() => expectStatements(0, () => graphql('{ viewer { kind } }')));
});
afterAll(() => usher.close());
afterEach(() => void vi.restoreAllMocks());

async function expectTwoRoundTrips(work: () => Promise<unknown>): Promise<void> {
  expect(await roundTripsOf(work)).toBe(2);
}

async function expectStatements(count: number, work: () => Promise<unknown>): Promise<void> {
  const sent = await statementsOf(work);
  expect(sent, sent.join('\n\n')).toHaveLength(count);
}

let people = 0;
const nextEmail = () => `person-${++people}@globex.example`;

async function rest(method: string, path: string, body?: unknown) {
  const answer = await usher.rest(method, `/v1/customer-seats${path}`, {
    token: fixture.tokens.organization,
    body,
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

const assign = (facts: object = {}) =>
  rest('POST', '', { subscription_id: fixture.ids.subscription, email: nextEmail(), ...facts });

async function graphql(document: string, variables: object = {}) {
  const { data, errors } = await usher.graphql(document, variables, fixture.tokens.organization);
  expect(errors).toBeUndefined();
  return data as Record<string, { __typename?: string }>;
}

const SEAT = `query ($id: ID!) { customerSeat(id: $id) { id status email member { id email name } } }`;
const POOL = `query ($id: ID!, $first: Int = 50) {
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
    await expectStatements(2, () => graphql(POOL, { id: fixture.ids.subscription }));
  });

  test.each([1, 2, 3])('a seat is assigned in two round trips, the %s. time', async () => {
    const source = { subscriptionId: fixture.ids.subscription };
    await expectTwoRoundTrips(async () => {
      const input = { source, recipient: { email: nextEmail() } };
      const { assignSeat } = await graphql(ASSIGN, { input });
      expect(assignSeat?.__typename).toBe('AssignSeatSuccess');
    });
  });

  test('concurrent assignments share two round trips', async () => {
    const database = openDatabase(usher.databaseUrl);
    const assignments = createAssignments(database.sql, {
      secretKey: 'a key for tests, thirty-two bytes or more',
      now: () => new Date(),
    });
    const organizationId = fixture.ids.organization;
    const tokenId = randomUUID();
    const actor = {
      kind: 'organization',
      organizationId,
      scopes: [],
      tokenId,
      label: null,
    } as const;
    const by = recordSystem('graphql');
    const source = { kind: 'subscription', id: fixture.ids.subscription } as const;
    const assignByEmail = (email: string) =>
      assignments.assign({
        actor,
        by,
        input: { source, recipient: { kind: 'email', email }, immediateClaim: false },
      });
    await assignByEmail(nextEmail());
    const emails = Array.from({ length: 40 }, nextEmail);
    await expectTwoRoundTrips(async () => {
      const outcomes = await Promise.all(emails.map(assignByEmail));
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['assigned']));
    });
    await database.close();
  });

  test('concurrent reads of seats share their statements', async () => {
    const seats = await Promise.all(Array.from({ length: 40 }, () => assign()));
    const sent = await statementsOf(() =>
      Promise.all(seats.map(({ id }) => graphql(SEAT, { id }))),
    );
    // Each by itself would take one; how many share one depends on how close together they arrive.
    expect(sent.length).toBeLessThan(40);
  });

  test('the widest query takes as many however long its pages are', async () => {
    await Promise.all(Array.from({ length: 20 }, () => assign()));
    const widest = (first: number) =>
      statementsOf(() => graphql(WIDEST, { id: fixture.ids.subscription, first }));
    const short = await widest(2);
    expect(short.length).toBeLessThanOrEqual(11);
    expect(await widest(20)).toHaveLength(short.length);
    // Planned by now.
    expect(await widest(20)).toHaveLength(short.length);
  });

  test('a page of claimed subscriptions takes two, with their products and customers', async () => {
    const { ids, tokens } = await usher.addFixture();
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

const WIDEST = `query ($id: ID!, $first: Int!) {
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
  test('a seat is assigned in two, of any pool and for any recipient', async () => {
    const { subscriptionCheckout, orderCheckout, otherCustomer, order, member } = fixture.ids;
    const ofOrder = { subscription_id: undefined, order_id: order };
    const of = (checkout_id: string) => ({ subscription_id: undefined, checkout_id });
    const noEmail = { email: undefined };
    for (const facts of [
      {},
      ofOrder,
      { immediate_claim: true, metadata: { desk: 4 } },
      { ...noEmail, member_id: member },
      of(subscriptionCheckout),
      of(orderCheckout),
      { external_member_id: 'usr_new' },
      { ...noEmail, external_member_id: 'usr_jane' },
      { ...noEmail, customer_id: otherCustomer },
      { ...of(orderCheckout), ...noEmail, external_customer_id: 'globex' },
    ]) {
      await expectTwoRoundTrips(() => assign(facts));
    }
  });

  test('without the member model too, a revoked seat or a new one', async () => {
    const { ids, tokens } = await usher.addFixture({ memberModelEnabled: false });
    const token = tokens.organization;
    await usher.graphql('{ viewer { kind } }', {}, token);
    for (const facts of [
      { email: 'sam@globex.example' },
      { email: 'initech@initech.example' },
      { customer_id: ids.customer },
    ]) {
      let id = '';
      await expectTwoRoundTrips(async () => {
        const body = { subscription_id: ids.subscription, ...facts };
        const answer = await usher.rest('POST', '/v1/customer-seats', { token, body });
        expect(answer.status, answer.text).toBe(200);
        id = answer.body.id;
      });
      await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
    }
  });

  test('a refusal takes no more', async () => {
    const full = await usher.addFixture({ seats: 2 });
    const assignIn = (facts: object) =>
      usher.rest('POST', '/v1/customer-seats', { token: full.tokens.organization, body: facts });
    const source = { subscription_id: full.ids.subscription };
    await assignIn({ ...source, email: 'sam@globex.example' });
    await assignIn({ ...source, email: 'eve@globex.example' });
    await assignIn({ order_id: full.ids.order, member_id: full.ids.member });
    for (const [error, facts] of [
      ['SeatNotAvailable', { ...source, email: 'raj@globex.example' }],
      ['ResourceNotFound', { subscription_id: randomUUID(), email: 'raj@globex.example' }],
      ['MemberNotFound', { order_id: full.ids.order, member_id: randomUUID() }],
      ['SeatAlreadyAssigned', { order_id: full.ids.order, email: 'MIA@globex.example' }],
      ['ResourceNotFound', { checkout_id: randomUUID(), email: 'raj@globex.example' }],
      ['MemberNotFound', { order_id: full.ids.order, external_member_id: 'usr_nobody' }],
    ] as const) {
      await expectTwoRoundTrips(async () => expect((await assignIn(facts)).body.error).toBe(error));
    }
  });

  test('a revoked seat is given again in two', async () => {
    const { id } = await assign();
    await expectTwoRoundTrips(() => rest('DELETE', `/${id}`));
    await expectTwoRoundTrips(async () => expect((await assign()).id).toBe(id));
  });

  test('a list takes two', async () => {
    await expectStatements(2, () => rest('GET', `?subscription_id=${fixture.ids.subscription}`));
  });

  test('a resend, a claim and a revocation take two each', async () => {
    const { id } = await assign();
    await expectTwoRoundTrips(() => rest('POST', `/${id}/resend`));
    const token = await tokenOf(usher, id);
    await expectStatements(1, () => rest('GET', `/claim/${token}`));
    await expectTwoRoundTrips(() => rest('POST', '/claim', { invitation_token: token }));
    await expectTwoRoundTrips(() => rest('DELETE', `/${id}`));
    await expectTwoRoundTrips(() => rest('DELETE', `/${id}`));
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
      await expectTwoRoundTrips(() => rest('POST', '/claim', { invitation_token: token }));
    }
  });

  test('a session takes two', async () => {
    await expectStatements(2, () =>
      usher.rest('POST', '/v1/customer-sessions/', {
        token: fixture.tokens.organization,
        body: { customer_id: fixture.ids.customer },
      }),
    );
  });
});
