import { randomUUID } from 'node:crypto';
import { actorColumns, recordSystem } from '../../src/auth/recorded-actor.ts';
import type { Tx } from '../../src/db/client.ts';
import type { WebhookDelivery } from '../../src/db/generated/prisma/client.ts';
import type { Fixture } from './fixture.ts';
import {
  CreateWebhookEndpointDocument,
  type CreateWebhookEndpointInput,
  DeleteWebhookEndpointDocument,
  DisableWebhookEndpointDocument,
  EnableWebhookEndpointDocument,
  RotateWebhookSecretDocument,
  UpdateWebhookEndpointDocument,
  type UpdateWebhookEndpointInput,
  WebhookEndpointsDocument,
} from './operations/graphql.ts';
import type { Calls, TestUsher } from './usher.ts';

/** The URL of the tests' endpoints; nothing is ever sent to it. */
export const ENDPOINT_URL = 'https://hooks.acme.example/usher?from=seats';

/** The values of a delivery that tests choose; by default, they are as right after an event. */
type Choice = Partial<
  Pick<WebhookDelivery, 'status' | 'attempts' | 'createdAt' | 'finishedAt' | 'responseStatus'>
>;

/** Adds a delivery of a new event to an endpoint, finished unless `choice` says otherwise. */
export async function addDelivery(
  usher: { db: Tx },
  { organizationId, id: endpointId }: { organizationId: string; id: string },
  choice: Choice = {},
): Promise<WebhookDelivery> {
  const now = new Date();
  const seatId = randomUUID();
  const event = await usher.db.outboxEvent.create({
    data: {
      id: randomUUID(),
      organizationId,
      type: 'customer_seat.revoked',
      seatId,
      payload: { id: seatId, status: 'revoked' },
      createdAt: now,
      dispatchedAt: now,
      ...actorColumns(recordSystem('worker')),
    },
  });
  const status = choice.status ?? 'failed';
  return await usher.db.webhookDelivery.create({
    data: {
      organizationId,
      endpointId,
      eventId: event.id,
      seatId,
      sequence: event.sequence,
      createdAt: now,
      nextAttemptAt: now,
      ...(status !== 'pending' && { attempts: 10, finishedAt: now }),
      ...choice,
      status,
    },
  });
}

/** Lets the person of one fixture also act for the organization of another. */
export async function join(usher: TestUsher, person: Fixture, other: Fixture): Promise<void> {
  await usher.db.organizationMembership.create({
    data: { userId: person.ids.user, organizationId: other.ids.organization },
  });
}

/** Creates an endpoint, as the organization unless a token is given. */
export async function createEndpoint(
  usher: Calls,
  fixture: Fixture,
  input: Partial<CreateWebhookEndpointInput> = {},
  token = fixture.tokens.organization,
) {
  const { data } = await usher.graphql(
    CreateWebhookEndpointDocument,
    { input: { url: ENDPOINT_URL, events: ['CUSTOMER_SEAT_ASSIGNED'], ...input } },
    token,
  );
  return data?.createWebhookEndpoint;
}

/** Returns an endpoint created by `createEndpoint`, which must succeed. */
export async function createdEndpoint(
  usher: Calls,
  fixture: Fixture,
  input: Partial<CreateWebhookEndpointInput> = {},
) {
  const result = await createEndpoint(usher, fixture, input);
  if (result?.__typename !== 'CreateWebhookEndpointSuccess') {
    throw new Error(`No endpoint was created: ${JSON.stringify(result)}`);
  }
  return { ...result.endpoint, secret: result.secret };
}

export async function updateEndpoint(
  usher: TestUsher,
  fixture: Fixture,
  input: UpdateWebhookEndpointInput,
  token = fixture.tokens.organization,
) {
  const { data } = await usher.graphql(UpdateWebhookEndpointDocument, { input }, token);
  return data?.updateWebhookEndpoint;
}

/** Rotates the secret of an endpoint. */
export async function rotateEndpoint(
  usher: Calls,
  fixture: Fixture,
  id: string,
  token = fixture.tokens.organization,
) {
  const { data } = await usher.graphql(RotateWebhookSecretDocument, { input: { id } }, token);
  return data?.rotateWebhookSecret;
}

export async function disableEndpoint(
  usher: TestUsher,
  fixture: Fixture,
  id: string,
  token = fixture.tokens.organization,
) {
  const { data } = await usher.graphql(DisableWebhookEndpointDocument, { input: { id } }, token);
  return data?.disableWebhookEndpoint;
}

export async function enableEndpoint(
  usher: TestUsher,
  fixture: Fixture,
  id: string,
  token = fixture.tokens.organization,
) {
  const { data } = await usher.graphql(EnableWebhookEndpointDocument, { input: { id } }, token);
  return data?.enableWebhookEndpoint;
}

/** Deletes an endpoint. */
export async function removeEndpoint(
  usher: TestUsher,
  fixture: Fixture,
  id: string,
  token = fixture.tokens.organization,
) {
  const { data } = await usher.graphql(DeleteWebhookEndpointDocument, { input: { id } }, token);
  return data?.deleteWebhookEndpoint;
}

/** Returns the endpoints that a token can read. */
export async function listEndpoints(usher: TestUsher, token: string, organizationId?: string) {
  return await usher.graphql(WebhookEndpointsDocument, { organizationId }, token);
}
