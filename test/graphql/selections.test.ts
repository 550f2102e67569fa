import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { addDelivery } from '../support/webhooks.ts';

// A mutation has done its work when its selection is resolved, so no selection may fail.

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture({ seats: 100 });
});
afterAll(() => usher.close());

const SEAT = [
  '__typename',
  'id status customerEmail invitationUrl',
  'member { id customer { id } seats { totalCount nodes { id } } }',
  'subscription { availableSeats product { name } customer { id } seats { nodes { id member { id } } } } order { id }',
];

const DELIVERY = [
  '__typename',
  'id status attempts nextAttemptAt error',
  'event { id type payload } endpoint { id events organization { slug settings { returnUrl } } }',
];

const MEMBER = [
  '__typename',
  'id email name role modifiedAt',
  'customer { id name } seats { totalCount nodes { id status member { id } } }',
];

const ENDPOINT = [
  '__typename',
  'id url events disabledAt',
  'organization { slug } deliveries(status: [FAILED]) { totalCount nodes { id event { type } endpoint { url } } }',
];

/** Selections of a mutation's result that reach less and less, and more and more, into what it is about. */
function selections(success: string, field = 'seat', into = SEAT): string[] {
  return [
    '__typename',
    `... on ${success} { __typename }`,
    '... on UserError { code }',
    ...into.map(selection => `__typename ... on ${success} { ${field} { ${selection} } }`),
  ];
}

let people = 0;
async function assign(): Promise<string> {
  people += 1;
  const { body } = await usher.rest('POST', '/v1/customer-seats', {
    token: fixture.tokens.organization,
    body: { subscription_id: fixture.ids.subscription, email: `person-${people}@globex.example` },
  });
  return body.id;
}

const endpoint = () => addEndpoint(usher, fixture, 'https://hooks.acme.example');

async function mutate(text: string, token = fixture.tokens.organization) {
  const answer = await usher.graphql<Record<string, { __typename?: string }>, object>(
    `mutation { ${text} }`,
    {},
    token,
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.status).toBe(200);
  for (const result of Object.values(answer.data ?? {})) {
    expect(result.__typename ?? 'Success').toMatch(/Success$/);
  }
  return answer.data;
}

describe('every selection is answered', () => {
  test.each(selections('AssignSeatSuccess'))('assignSeat { %s }', async selection => {
    people += 1;
    const source = `{ subscriptionId: "${fixture.ids.subscription}" }`;
    const recipient = `{ email: "person-${people}@globex.example" }`;
    await mutate(
      `assignSeat(input: { source: ${source}, recipient: ${recipient} }) { ${selection} }`,
    );
  });

  test.each(selections('ResendSeatInvitationSuccess'))(
    'resendSeatInvitation { %s }',
    async selection => {
      await mutate(`resendSeatInvitation(input: { seatId: "${await assign()}" }) { ${selection} }`);
    },
  );

  test.each(selections('ClaimSeatSuccess'))('claimSeat { %s }', async selection => {
    const token = await tokenOf(usher, await assign());
    await mutate(`claimSeat(input: { invitationToken: "${token}" }) { ${selection} }`);
  });

  test.each(selections('RevokeSeatSuccess'))('revokeSeat { %s }', async selection => {
    await mutate(`revokeSeat(input: { seatId: "${await assign()}" }) { ${selection} }`);
  });

  test.each([
    '__typename',
    '... on CreateCustomerSessionSuccess { customer { id } member { id customer { id } } }',
  ])('createCustomerSession { %s }', async selection => {
    const customer = `{ customerId: "${fixture.ids.customer}" }`;
    await mutate(`createCustomerSession(input: { customer: ${customer} }) { ${selection} }`);
  });

  test.each(selections('UpdateMemberSuccess', 'member', MEMBER))(
    'updateMember { %s }',
    async selection => {
      people += 1;
      const input = `{ memberId: "${fixture.ids.member}", name: "Mia ${people}" }`;
      await mutate(`updateMember(input: ${input}) { ${selection} }`);
    },
  );

  test.each(selections('RemoveMemberSuccess', 'member', MEMBER))(
    'removeMember { %s }',
    async selection => {
      const { ids, tokens } = await usher.addFixture();
      const input = `{ memberId: "${ids.member}" }`;
      await mutate(`removeMember(input: ${input}) { ${selection} }`, tokens.organization);
    },
  );

  test.each([
    ...selections('CreateWebhookEndpointSuccess', 'endpoint', ENDPOINT),
    '... on CreateWebhookEndpointSuccess { secret }',
  ])('createWebhookEndpoint { %s }', async selection => {
    const input = '{ url: "https://hooks.acme.example", events: [CUSTOMER_SEAT_CLAIMED] }';
    const { tokens } = await usher.addFixture();
    await mutate(`createWebhookEndpoint(input: ${input}) { ${selection} }`, tokens.organization);
  });

  test.each([
    ...selections('RotateWebhookSecretSuccess', 'endpoint', ENDPOINT),
    '... on RotateWebhookSecretSuccess { secret }',
  ])('rotateWebhookSecret { %s }', async selection => {
    const { id } = await endpoint();
    await mutate(`rotateWebhookSecret(input: { id: "${id}" }) { ${selection} }`);
  });

  test.each(
    ['update', 'disable', 'enable', 'delete'].flatMap(verb => {
      const success = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}WebhookEndpointSuccess`;
      return selections(success, 'endpoint', ENDPOINT).map(selection => [verb, selection]);
    }),
  )('%sWebhookEndpoint { %s }', async (verb, selection) => {
    const { id } = await endpoint();
    await mutate(`${verb}WebhookEndpoint(input: { id: "${id}" }) { ${selection} }`);
  });

  test.each(selections('RedeliverWebhookSuccess', 'delivery', DELIVERY))(
    'redeliverWebhook { %s }',
    async selection => {
      const { id } = await addDelivery(usher, await endpoint());
      await mutate(`redeliverWebhook(input: { deliveryId: "${id}" }) { ${selection} }`);
    },
  );

  test.each(selections('SendTestWebhookSuccess', 'delivery', DELIVERY))(
    'sendTestWebhook { %s }',
    async selection => {
      const { id } = await endpoint();
      await mutate(`sendTestWebhook(input: { id: "${id}" }) { ${selection} }`);
    },
  );

  test.each(
    selections('UpdateOrganizationSettingsSuccess', 'organization', [
      '__typename',
      'id slug',
      'settings { __typename }',
      'settings { sendsInvitations reminderHours returnUrl invitationText }',
    ]),
  )('updateOrganizationSettings { %s }', async selection => {
    await mutate(`updateOrganizationSettings(input: { reminderHours: 4 }) { ${selection} }`);
  });
});
