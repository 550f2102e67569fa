import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from './support/fixture.ts';
import { givenSeat } from './support/seats.ts';
import { startUsher, type TestUsher } from './support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
let seat: { id: string };
let strangers: { side: 'admin' | 'portal'; token: string }[];
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
  seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const other = await usher.addFixture();
  strangers = [
    { side: 'admin', token: other.tokens.organization },
    { side: 'admin', token: other.tokens.personal },
    { side: 'portal', token: other.tokens.customer },
    { side: 'portal', token: other.tokens.owner },
    { side: 'portal', token: fixture.tokens.otherCustomer },
  ];
});
afterAll(() => usher.close());

/** All that a stranger gets to see of an answer but the id that they sent themselves, and the time. */
async function seen(
  id: string,
  token: string,
  request: { method: string; path: string; body?: unknown },
): Promise<unknown> {
  const { method, path, body } = request;
  const { status, headers, text } = await usher.rest(method, path, { token, body });
  const { date, 'x-request-id': requestId, ...others } = Object.fromEntries(headers);
  expect(status).not.toBe(500);
  return { status, text: text.replaceAll(id, 'the id'), others };
}

const REST: [string, (id: string, base: string) => Parameters<typeof seen>[2]][] = [
  [
    'assign from a subscription',
    (id, path) => ({ method: 'POST', path, body: { subscription_id: id, email: 'a@b.com' } }),
  ],
  [
    'assign from an order',
    (id, path) => ({ method: 'POST', path, body: { order_id: id, email: 'a@b.com' } }),
  ],
  [
    'assign from a checkout',
    (id, path) => ({ method: 'POST', path, body: { checkout_id: id, email: 'a@b.com' } }),
  ],
  ['list a subscription', (id, base) => ({ method: 'GET', path: `${base}?subscription_id=${id}` })],
  ['list an order', (id, base) => ({ method: 'GET', path: `${base}?order_id=${id}` })],
  ['revoke a seat', (id, base) => ({ method: 'DELETE', path: `${base}/${id}` })],
  ['resend a seat', (id, base) => ({ method: 'POST', path: `${base}/${id}/resend` })],
];

/** The ids of the fixture that a request might be about. */
function idFor(name: string): string {
  if (name.endsWith('subscription')) return fixture.ids.subscription;
  if (name.endsWith('order')) return fixture.ids.order;
  if (name.endsWith('checkout')) return fixture.ids.subscriptionCheckout;
  if (name.endsWith('customer')) return fixture.ids.customer;
  if (name.endsWith('member')) return fixture.ids.member;
  return seat.id;
}

test.each(REST)('to a stranger it is as if it did not exist: %s', async (name, request) => {
  for (const { side, token } of strangers) {
    const base = side === 'admin' ? '/v1/customer-seats' : '/v1/customer-portal/seats';
    const [real, unreal] = [idFor(name), randomUUID()];
    const answer = await seen(real, token, request(real, base));
    expect(answer).toMatchObject({ status: 404 });
    expect(answer).toEqual(await seen(unreal, token, request(unreal, base)));
  }
});

test('to a stranger it is as if it did not exist: begin a session for a customer', async () => {
  for (const { token } of strangers.filter(({ side }) => side === 'admin')) {
    const [real, unreal] = [fixture.ids.customer, randomUUID()];
    const request = (customer_id: string) => ({
      ...{ method: 'POST', path: '/v1/customer-sessions/', body: { customer_id } },
    });
    expect(await seen(real, token, request(real))).toEqual(
      await seen(unreal, token, request(unreal)),
    );
  }
});

test('a member of another customer is as if it did not exist, to the seller of both', async () => {
  const { organization: token } = fixture.tokens;
  const [real, unreal] = [fixture.ids.otherMember, randomUUID()];
  for (const [path, body] of [
    ['/v1/customer-seats', { subscription_id: fixture.ids.subscription }],
    ['/v1/customer-sessions/', { customer_id: fixture.ids.customer }],
  ] as const) {
    const request = (member_id: string) => ({ method: 'POST', path, body: { ...body, member_id } });
    expect(await seen(real, token, request(real))).toEqual(
      await seen(unreal, token, request(unreal)),
    );
  }
});

// Decision 18: another customer of the same seller is a stranger too, though the seller could name them.
describe.each([true, false])(
  'a session names nobody of another customer (member model: %s)',
  memberModelEnabled => {
    let own: Fixture;
    let sources: object[];
    beforeAll(async () => {
      own = await usher.addFixture({ memberModelEnabled });
      const { subscription, order, subscriptionCheckout, orderCheckout } = own.ids;
      sources = [
        { subscription_id: subscription },
        { order_id: order },
        { checkout_id: subscriptionCheckout },
        { checkout_id: orderCheckout },
      ];
    });

    const recipients = [
      ['customer_id', () => own.ids.otherCustomer, randomUUID()],
      ['external_customer_id', () => 'initech', 'nothing'],
      ['member_id', () => own.ids.otherMember, randomUUID()],
      ['external_member_id', () => 'usr_bill', 'usr_none'],
    ] as const;

    test.each(recipients)('by %s, of any pool, by any session', async (name, idOf, unreal) => {
      const { customer, owner, manager } = own.tokens;
      const real = idOf();
      const path = '/v1/customer-portal/seats';
      for (const token of [customer, owner, manager]) {
        for (const source of sources) {
          for (const more of [{}, { immediate_claim: true }]) {
            const request = (id: string) => ({
              ...{ method: 'POST', path, body: { ...source, [name]: id, ...more } },
            });
            const answer = await seen(real, token, request(real));
            expect(answer).toMatchObject({ status: expect.toSatisfy(status => status >= 400) });
            expect(answer).toEqual(await seen(unreal, token, request(unreal)));
          }
        }
      }
    });

    const FIELDS = {
      customer_id: 'customerId',
      external_customer_id: 'externalCustomerId',
      member_id: 'memberId',
      external_member_id: 'externalMemberId',
    };

    test.each(recipients)('by %s, on GraphQL', async (name, idOf, unreal) => {
      const query = `mutation ($input: AssignSeatInput!) { assignSeat(input: $input) {
      __typename ... on UserError { code message } } }`;
      const { subscription, order, subscriptionCheckout } = own.ids;
      const real = idOf();
      for (const source of [
        { subscriptionId: subscription },
        { orderId: order },
        { checkoutId: subscriptionCheckout },
      ]) {
        const request = (id: string) => {
          const recipient =
            name === 'external_member_id'
              ? { externalMember: { externalId: id } }
              : { [FIELDS[name]]: id };
          const variables = { input: { source, recipient } };
          return { method: 'POST', path: '/graphql', body: { query, variables } };
        };
        const answer = await seen(real, own.tokens.manager, request(real));
        expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('"code"') });
        expect(answer).toEqual(await seen(unreal, own.tokens.manager, request(unreal)));
      }
    });

    test('but its own', async () => {
      for (const body of [{ customer_id: own.ids.customer }, { external_customer_id: 'globex' }]) {
        const answer = await usher.rest('POST', '/v1/customer-portal/seats', {
          token: own.tokens.customer,
          body: { ...sources[0], ...body },
        });
        expect(answer.status).toBe(200);
        expect(answer.body.email).toBe('Billing@globex.example');
        await usher.rest('DELETE', `/v1/customer-seats/${answer.body.id}`, {
          token: own.tokens.organization,
        });
      }
    });

    test('and the seller may name any', async () => {
      const answer = await usher.rest('POST', '/v1/customer-seats', {
        token: own.tokens.organization,
        body: { ...sources[0], external_customer_id: 'initech' },
      });
      expect(answer.status).toBe(200);
      expect(
        await usher.db.customerSeat.count({ where: { organizationId: own.ids.organization } }),
      ).toBe(1);
    });
  },
);

const source = 'recipient: { email: "a@b.com" }, source:';
const GRAPHQL: [string, string][] = [
  ['read a seat', 'query ($id: ID!) { customerSeat(id: $id) { id } }'],
  ['read a subscription', 'query ($id: ID!) { customerSubscription(id: $id) { id } }'],
  ['read an order', 'query ($id: ID!) { customerOrder(id: $id) { id } }'],
  ['read a member', 'query ($id: ID!) { member(id: $id) { id } }'],
  ...['subscription', 'order', 'checkout'].map((kind): [string, string] => [
    `assign from a ${kind}`,
    `mutation ($id: ID!) { assignSeat(input: { ${source} { ${kind}Id: $id } }) {
      __typename ... on UserError { code message } } }`,
  ]),
  ...['revokeSeat', 'resendSeatInvitation'].map((verb): [string, string] => [
    `${verb} of a seat`,
    `mutation ($id: ID!) { ${verb}(input: { seatId: $id }) {
      __typename ... on UserError { code message } } }`,
  ]),
  ...['updateMember', 'removeMember'].map((verb): [string, string] => [
    `${verb} of a member`,
    `mutation ($id: ID!) { ${verb}(input: { memberId: $id }) {
      __typename ... on UserError { code message } } }`,
  ]),
  [
    'begin a session for a customer',
    `mutation ($id: ID!) { createCustomerSession(input: { customer: { customerId: $id } }) {
      __typename ... on UserError { code message } } }`,
  ],
];

test.each(GRAPHQL)('on GraphQL it is as if it did not exist: %s', async (name, query) => {
  for (const { token } of strangers) {
    const [real, unreal] = [idFor(name), randomUUID()];
    const request = (id: string) => ({
      ...{ method: 'POST', path: '/graphql', body: { query, variables: { id } } },
    });
    const answer = await seen(real, token, request(real));
    expect(answer).toMatchObject({ status: 200 });
    expect(answer).toEqual(await seen(unreal, token, request(unreal)));
  }
});

test('nothing was done to what exists', async () => {
  const rows = await usher.db.outboxEvent.findMany({
    where: { organizationId: fixture.ids.organization },
  });
  expect(rows.map(({ type }) => type)).toEqual(['customer_seat.assigned']);
});
