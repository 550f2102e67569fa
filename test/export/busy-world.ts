import { randomUUID } from 'node:crypto';
import { createFixture, type Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import {
  CreateWebhookEndpointDocument,
  DeleteWebhookEndpointDocument,
  DisableWebhookEndpointDocument,
  RotateWebhookSecretDocument,
  SyncBillingDocument,
  UpdateOrganizationSettingsDocument,
  type WebhookEventType,
} from '../support/operations/graphql.ts';
import { addToken, givenSeat } from '../support/seats.ts';
import type { TestUsher } from '../support/usher.ts';

/** What `fillWithEverything` gives. */
export interface World {
  one: Fixture;
  other: Fixture;
  /** The secret that signs for the first endpoint of `one`. */
  secret: string;
}

/** Fills a database with everything that organizations have, through the APIs where they can. */
export async function fillWithEverything(usher: TestUsher): Promise<World> {
  const one = await usher.addFixture({ seats: 30 });
  const { ids, tokens } = one;
  const token = tokens.organization;
  const revoke = (id: string) => usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
  const claim = async (id: string) =>
    usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token: await tokenOf(usher, id) },
    });

  const metadata = { team: 'Größe "M"', rank: 1.5, isLead: true };
  await givenSeat(usher, one, { email: 'Pending@globex.example', metadata });
  const claimed = await givenSeat(usher, one, { email: 'claimed@globex.example' });
  await claim(claimed.id);
  const revoked = await givenSeat(usher, one, { email: 'revoked@globex.example' });
  await claim(revoked.id);
  await revoke(revoked.id);
  const again = await givenSeat(usher, one, { email: 'first@globex.example' });
  await revoke(again.id);
  await givenSeat(usher, one, { email: 'second@globex.example', order_id: ids.order });
  await givenSeat(usher, one, { member_id: ids.member, immediate_claim: true });
  const expired = await givenSeat(usher, one, { email: 'expired@globex.example' });
  await usher.db.customerSeat.updateMany({
    where: { id: expired.id },
    data: { invitationTokenExpiresAt: new Date(Date.now() - 1_000) },
  });
  const removed = await givenSeat(usher, one, { email: 'removed@globex.example' });
  await usher.graphql(
    `mutation { removeMember(input: { memberId: "${removed.member.id}" }) { __typename } }`,
    {},
    token,
  );

  const settings = {
    returnUrl: 'https://app.example/seats?from=usher',
    reminderHours: 3,
    invitationSubject: 'Come, {{recipientEmail}}',
    invitationText: 'Öffne {{{claimUrl}}}\n',
    invitationHtml: '<a href="{{claimUrl}}">Come</a>',
    sendsInvitations: false,
  };
  await usher.graphql(UpdateOrganizationSettingsDocument, { input: settings }, token);
  await addToken(usher, one, ['members:write'], { expiresAt: new Date('2999-01-01T00:00:00Z') });
  await addToken(usher, one, ['members:write'], { revokedAt: new Date() });
  const secret = await addEndpoints(usher, token);
  await usher.db.member.update({
    where: { organizationId_id: { organizationId: ids.organization, id: ids.manager } },
    data: { name: 'Raj Patel' },
  });
  await usher.db.mailOptOut.createMany({
    data: [
      { organizationId: ids.organization, email: 'never@globex.example', mailId: randomUUID() },
      { organizationId: ids.organization, email: 'nothing@globex.example' },
    ],
  });

  await bill(usher, one);
  await usher.load(withImportedInvitation(one));
  const oversold = await usher.addFixture({ seats: 3 });
  await givenSeat(usher, oversold, { email: 'a@globex.example' });
  await givenSeat(usher, oversold, { email: 'b@globex.example' });
  await usher.db.$transaction(async tx => {
    await tx.$executeRaw`SELECT set_config('usher.oversell', 'on', true)`;
    await tx.subscription.updateMany({
      where: { id: oversold.ids.subscription },
      data: { seats: 1 },
    });
  });
  const other = await usher.addFixture({ memberModelEnabled: false, status: 'active' });
  await givenSeat(usher, other, { email: 'holder@globex.example' });
  await givenSeat(usher, other, { external_customer_id: 'initech', immediate_claim: true });
  await usher.db.organization.update({
    where: { id: other.ids.organization },
    data: { status: 'blocked' },
  });
  return { one, other, secret };
}

/** Three endpoints: one with a new secret, which is returned, one that is disabled and one that is deleted. */
async function addEndpoints(usher: TestUsher, token: string): Promise<string> {
  const events: WebhookEventType[] = ['CUSTOMER_SEAT_ASSIGNED', 'CUSTOMER_SEAT_REVOKED'];
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    const input = { url: `https://hooks.example/${name}`, events };
    const { data } = await usher.graphql(CreateWebhookEndpointDocument, { input }, token);
    const created = data?.createWebhookEndpoint;
    if (created?.__typename !== 'CreateWebhookEndpointSuccess') throw new Error('No endpoint');
    ids.push(created.endpoint.id);
  }
  const [a = '', b = '', c = ''] = ids;
  await usher.graphql(DisableWebhookEndpointDocument, { input: { id: b } }, token);
  await usher.graphql(DeleteWebhookEndpointDocument, { input: { id: c } }, token);
  const { data } = await usher.graphql(RotateWebhookSecretDocument, { input: { id: a } }, token);
  const rotated = data?.rotateWebhookSecret;
  if (rotated?.__typename !== 'RotateWebhookSecretSuccess') throw new Error('No secret');
  return rotated.secret;
}

/** News at several times, so that columns of one row are known as of different ones; and a subscription that ends. */
async function bill(usher: TestUsher, { ids, tokens }: Fixture): Promise<void> {
  const tell = (minute: number, news: object) =>
    usher.graphql(
      SyncBillingDocument,
      { input: { asOf: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(), ...news } },
      tokens.organization,
    );
  const pool = {
    externalId: 'sub_1Mow',
    productId: ids.product,
    customerId: ids.customer,
    status: 'ACTIVE',
  };
  await tell(1, {
    customers: [{ externalId: 'cus_1', email: 'pay@umbrella.example', name: 'Umbrella' }],
  });
  await tell(9, { customers: [{ externalId: 'cus_1', name: 'Umbrella plc' }] });
  await tell(3, { products: [{ externalId: 'prod_1', name: 'Design' }] });
  await tell(6, { products: [{ id: ids.product, name: 'Team Pro 2' }] });
  await tell(7, { orders: [{ ...pool, externalId: 'ord_1', status: 'PAID', seats: 4 }] });
  await tell(8, { orders: [{ ...pool, externalId: 'ord_1', status: 'PARTIALLY_REFUNDED' }] });
  await tell(4, { subscriptions: [{ ...pool, seats: 4 }] });
  await tell(5, { subscriptions: [{ ...pool, status: 'CANCELED' }] });
}

function withImportedInvitation({ ids, slug }: Fixture) {
  const fixture = createFixture();
  return {
    organizations: [
      {
        ...fixture.document.organizations[0],
        id: ids.organization,
        slug,
        userIds: undefined,
        accessTokens: [{ token: 'a token of another system', scopes: ['customer_seats:read'] }],
        customers: [],
        products: [],
        subscriptions: [],
        orders: [],
        seats: [
          {
            id: randomUUID(),
            orderId: ids.order,
            status: 'pending',
            email: 'imported@globex.example',
            invitationToken: 'an invitation of another system',
            createdAt: '2025-06-01T00:00:00Z',
          },
        ],
      },
    ],
  };
}
