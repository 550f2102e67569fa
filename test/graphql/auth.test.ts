import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { addToken, givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { addDelivery } from '../support/webhooks.ts';

let usher: TestUsher;
let fixture: Fixture;
let ids: Record<
  'seat' | 'subscription' | 'order' | 'member' | 'customer' | 'endpoint' | 'delivery',
  string
>;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
  const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const { subscription, order, member, customer } = fixture.ids;
  const endpoint = await addEndpoint(usher, fixture, 'https://hooks.acme.example/usher');
  const delivery = await addDelivery(usher, endpoint);
  ids = {
    ...{ seat: id, subscription, order, member, customer },
    endpoint: endpoint.id,
    delivery: delivery.id,
  };
});
afterAll(() => usher.close());

interface RootField {
  kind: 'query' | 'mutation';
  /** The field with its arguments, about what `about` names. */
  text: string;
  about?: keyof typeof ids;
  /** Who needs no token, and what they get then. */
  forAnybody?: object | null;
  scopes?: readonly string[];
  isForManagers?: boolean;
  /** Whether every session is refused. */
  isForTokens?: boolean;
  /** Whether a query answers its errors as types, as mutations do. */
  hasTypedErrors?: boolean;
}

const READ = ['customer_seats:read', 'customer_seats:write'];
const WRITE = ['customer_seats:write'];
const seat = 'input: { seatId: $id }';
const assign = 'input: { source: { subscriptionId: $id }, recipient: { email: "a@b.com" } }';
const assignMany =
  'input: { source: { subscriptionId: $id }, seats: [{ recipient: { email: "a@b.com" } }] }';
const seats = 'input: { seatIds: [$id] }';
const managed = { kind: 'mutation', scopes: WRITE, isForManagers: true } as const;
const preview = { ...managed, kind: 'query', hasTypedErrors: true } as const;
const pool = { kind: 'query', scopes: READ } as const;
const managesMembers = { ...managed, scopes: ['members:write'], about: 'member' } as const;
const readsWebhooks = {
  kind: 'query',
  scopes: ['webhooks:read', 'webhooks:write'],
  isForTokens: true,
} as const;
const endpointVerb = (name: string, argument = 'id') =>
  ({
    kind: 'mutation',
    scopes: ['webhooks:write'],
    isForTokens: true,
    text: `${name}(input: { ${argument}: $id }) { __typename }`,
    about: 'endpoint',
  }) as const;

/** Every root field there is; a test below holds the list to the schema. */
const FIELDS: Record<string, RootField> = {
  viewer: { kind: 'query', text: 'viewer { __typename }', forAnybody: null },
  customerSeat: { ...pool, text: 'customerSeat(id: $id) { __typename }', about: 'seat' },
  customerSubscription: {
    ...pool,
    text: 'customerSubscription(id: $id) { __typename }',
    about: 'subscription',
  },
  customerOrder: { ...pool, text: 'customerOrder(id: $id) { __typename }', about: 'order' },
  member: { ...pool, text: 'member(id: $id) { __typename }', about: 'member' },
  organization: { kind: 'query', text: 'organization { __typename }' },
  customer: { ...pool, text: 'customer(by: { id: $id }) { __typename }', about: 'customer' },
  seatPool: {
    ...pool,
    text: 'seatPool(source: { subscriptionId: $id }) { __typename }',
    about: 'subscription',
  },
  customerSeats: { ...pool, text: 'customerSeats { __typename }' },
  seatEvents: { ...pool, text: 'seatEvents { __typename }' },
  auditEvents: {
    kind: 'query',
    text: 'auditEvents { __typename }',
    scopes: ['organizations:read', 'organizations:write'],
    isForTokens: true,
  },
  personalData: {
    kind: 'query',
    text: 'personalData(input: { person: { memberId: $id } }) { __typename }',
    about: 'member',
    scopes: ['personal_data:read', 'personal_data:write'],
    isForTokens: true,
    hasTypedErrors: true,
  },
  erasePerson: {
    kind: 'mutation',
    text: 'erasePerson(input: { person: { memberId: $id } }) { __typename }',
    about: 'member',
    scopes: ['personal_data:write'],
    isForTokens: true,
  },
  claimedSubscriptions: { kind: 'query', text: 'claimedSubscriptions { __typename }' },
  seatClaimInfo: {
    kind: 'query',
    text: 'seatClaimInfo(invitationToken: "none") { __typename }',
    forAnybody: null,
  },
  assignSeat: { ...managed, text: `assignSeat(${assign}) { __typename }`, about: 'subscription' },
  revokeSeat: { ...managed, text: `revokeSeat(${seat}) { __typename }`, about: 'seat' },
  assignSeats: {
    ...managed,
    text: `assignSeats(${assignMany}) { __typename }`,
    about: 'subscription',
  },
  revokeSeats: { ...managed, text: `revokeSeats(${seats}) { __typename }`, about: 'seat' },
  transferSeat: {
    ...managed,
    text: 'transferSeat(input: { seatId: $id, recipient: { email: "a@b.com" } }) { __typename }',
    about: 'seat',
  },
  updateSeat: { ...managed, text: `updateSeat(${seat}) { __typename }`, about: 'seat' },
  previewAssignSeats: {
    ...preview,
    text: `previewAssignSeats(${assignMany}) { __typename }`,
    about: 'subscription',
  },
  previewRevokeSeats: {
    ...preview,
    text: `previewRevokeSeats(${seats}) { __typename }`,
    about: 'seat',
  },
  resendSeatInvitation: {
    ...managed,
    text: `resendSeatInvitation(${seat}) { __typename }`,
    about: 'seat',
  },
  claimSeat: {
    kind: 'mutation',
    text: 'claimSeat(input: { invitationToken: "none" }) { __typename }',
    forAnybody: { __typename: 'InvalidInvitationTokenError' },
  },
  createCustomerSession: {
    kind: 'mutation',
    text: 'createCustomerSession(input: { customer: { customerId: $id } }) { __typename }',
    about: 'customer',
    scopes: ['customer_sessions:write'],
    isForTokens: true,
  },
  updateMember: {
    ...managesMembers,
    text: 'updateMember(input: { memberId: $id }) { __typename }',
  },
  removeMember: {
    ...managesMembers,
    text: 'removeMember(input: { memberId: $id }) { __typename }',
  },
  webhookEndpoints: { ...readsWebhooks, text: 'webhookEndpoints { __typename }' },
  webhookEndpoint: {
    ...readsWebhooks,
    text: 'webhookEndpoint(id: $id) { __typename }',
    about: 'endpoint',
  },
  webhookDelivery: {
    ...readsWebhooks,
    text: 'webhookDelivery(id: $id) { __typename }',
    about: 'delivery',
  },
  mails: { ...pool, text: 'mails { __typename }', isForTokens: true },
  createWebhookEndpoint: {
    kind: 'mutation',
    scopes: ['webhooks:write'],
    isForTokens: true,
    text: 'createWebhookEndpoint(input: { url: "https://a.example", events: [CUSTOMER_SEAT_CLAIMED] }) { __typename }',
  },
  updateWebhookEndpoint: endpointVerb('updateWebhookEndpoint'),
  rotateWebhookSecret: endpointVerb('rotateWebhookSecret'),
  disableWebhookEndpoint: endpointVerb('disableWebhookEndpoint'),
  enableWebhookEndpoint: endpointVerb('enableWebhookEndpoint'),
  deleteWebhookEndpoint: endpointVerb('deleteWebhookEndpoint'),
  sendTestWebhook: endpointVerb('sendTestWebhook'),
  redeliverWebhook: { ...endpointVerb('redeliverWebhook', 'deliveryId'), about: 'delivery' },
  endSessions: {
    kind: 'mutation',
    scopes: ['customer_sessions:write'],
    isForTokens: true,
    text: 'endSessions(input: { memberId: $id }) { __typename }',
    about: 'member',
  },
  endMembership: {
    kind: 'mutation',
    scopes: ['organizations:write'],
    isForTokens: true,
    text: 'endMembership(input: { user: { email: "nobody@acme.example" } }) { __typename }',
  },
  syncBilling: {
    kind: 'mutation',
    scopes: ['billing:write'],
    isForTokens: true,
    text: 'syncBilling(input: { asOf: "2026-01-01T00:00:00Z" }) { __typename }',
  },
  updateOrganizationSettings: {
    kind: 'mutation',
    scopes: ['organizations:write'],
    isForTokens: true,
    text: 'updateOrganizationSettings(input: {}) { __typename }',
  },
};

async function ask({ kind, text, about }: RootField, headers: Record<string, string> = {}) {
  const query = about ? `${kind} ($id: ID!) { ${text} }` : `${kind} { ${text} }`;
  const variables = about ? { id: ids[about] } : {};
  return await usher.rest('POST', '/graphql', { body: { query, variables }, headers });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('the list is complete', () => {
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap(type =>
    Object.keys(type?.getFields() ?? {}),
  );
  // Federation's own two answer for entities and the schema, each entity by its own rules.
  const own = fields.filter(name => !name.startsWith('_'));
  expect(own.toSorted()).toEqual(Object.keys(FIELDS).toSorted());
});

describe.each(Object.entries(FIELDS))('%s', (name, field) => {
  test('a bad token: 401, whatever is asked', async () => {
    const revoked = await addToken(usher, fixture, WRITE, { revokedAt: new Date() });
    for (const token of [
      fixture.tokens.expired,
      fixture.tokens.expiredSession,
      revoked,
      'malformed',
    ]) {
      const { status, headers, body } = await ask(field, bearer(token));
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer realm="usher", error="invalid_token"');
      expect(body).toEqual({
        errors: [
          {
            message:
              'The access token provided is expired, revoked, malformed, or invalid for other reasons.',
            extensions: { code: 'INVALID_TOKEN' },
          },
        ],
      });
    }
  });

  test('no token, or one that does not count', async () => {
    for (const authorization of [undefined, 'Basic eDp5', 'Bearer ']) {
      const answer = await ask(field, authorization === undefined ? {} : { authorization });
      if (field.forAnybody !== undefined) {
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual({ data: { [name]: field.forAnybody } });
        continue;
      }
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="usher"');
      expect(answer.body).toMatchObject({
        data: { [name]: null },
        errors: [{ path: [name], extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
  });

  test('a token without the scope', async () => {
    const { status, body } = await ask(field, bearer(fixture.tokens.scopeless));
    if (!field.scopes) {
      expect(status).toBe(200);
      // Only a session can have claimed anything.
      if (name === 'claimedSubscriptions') {
        expect(body).toMatchObject({ errors: [{ extensions: { code: 'NOT_PERMITTED' } }] });
      }
      return;
    }
    expect(status).toBe(200);
    if (field.kind === 'mutation' || field.hasTypedErrors) {
      expect(body).toEqual({ data: { [name]: { __typename: 'NotPermittedError' } } });
    } else {
      const extensions = { code: 'NOT_PERMITTED', scopes: field.scopes };
      expect(body).toMatchObject({ data: { [name]: null }, errors: [{ extensions }] });
    }
  });

  test('a plain member', async () => {
    const { status, body } = await ask(field, bearer(fixture.tokens.member));
    expect(status).toBe(200);
    if (field.kind === 'query' && field.isForTokens && !field.hasTypedErrors) {
      const errors = [{ path: [name], extensions: { code: 'NOT_PERMITTED' } }];
      expect(body).toMatchObject({ data: { [name]: null }, errors });
      return;
    }
    expect(body.errors).toBeUndefined();
    const isRefused = field.isForManagers || field.isForTokens || false;
    expect(body.data[name]?.__typename === 'NotPermittedError').toBe(isRefused);
  });
});

test('one field without a token spoils neither its sibling nor what has been done', async () => {
  const { status, body } = await usher.rest('POST', '/graphql', {
    body: { query: `{ viewer { kind } customerSeat(id: "${randomUUID()}") { id } }` },
  });
  expect(status).toBe(401);
  expect(body).toMatchObject({
    data: { viewer: null, customerSeat: null },
    errors: [{ path: ['customerSeat'] }],
  });
});
