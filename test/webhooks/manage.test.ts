import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dispatcher } from '../../src/events/dispatcher.ts';
import { startDelivering } from '../support/deliveries.ts';
import {
  CreateWebhookEndpointDocument,
  RedeliverWebhookDocument,
  RotateWebhookSecretDocument,
  SendTestWebhookDocument,
  UpdateWebhookEndpointDocument,
  WebhookDeliveryDocument,
} from '../support/operations/graphql.ts';
import { type Received, type Receiver, startReceiver } from '../support/receiver.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let receiver: Receiver;
let elsewhere: Receiver;
let dispatcher: Dispatcher;
beforeAll(async () => {
  usher = await startUsher({ webhookPrivateAddresses: true });
  receiver = await startReceiver();
  elsewhere = await startReceiver();
  dispatcher = await startDelivering(usher);
});
afterAll(async () => {
  await dispatcher.close();
  await receiver.close();
  await elsewhere.close();
  await usher.close();
});

/** Returns whether a request verifies with a secret, whose bytes are the key as in the reference's clients. */
function isSignedWith(secret: string, { body, headers }: Received): boolean {
  const verifier = new Webhook(Buffer.from(secret, 'utf8').toString('base64'));
  try {
    verifier.verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

/** Returns the last request, after `count` have arrived. */
async function lastRequest({ received }: Receiver, count: number): Promise<Received> {
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(count);
  const last = received.at(-1);
  if (last === undefined) throw new Error('Nothing arrived.');
  return last;
}

test('an endpoint receives events, tests and redeliveries, signed with its secrets', async () => {
  const fixture = await usher.addFixture();
  const { organization: token } = fixture.tokens;
  const made = await usher.graphql(
    CreateWebhookEndpointDocument,
    { input: { url: receiver.url, events: ['CUSTOMER_SEAT_CLAIMED'] } },
    token,
  );
  const result = made.data?.createWebhookEndpoint;
  if (result?.__typename !== 'CreateWebhookEndpointSuccess') throw new Error('No endpoint.');
  const { endpoint, secret } = result;

  // A test arrives, although the endpoint does not subscribe to its type.
  const tried = await usher.graphql(SendTestWebhookDocument, { input: { id: endpoint.id } }, token);
  const attempt = tried.data?.sendTestWebhook;
  if (attempt?.__typename !== 'SendTestWebhookSuccess') throw new Error('No test.');
  const first = await lastRequest(receiver, 1);
  expect(first.event).toMatchObject({
    type: 'customer_seat.assigned',
    data: { status: 'pending', seat_metadata: { test: true } },
  });
  expect(first.headers['webhook-id']).toBe(attempt.delivery.event.id);
  expect(isSignedWith(secret, first)).toBe(true);
  const { id } = attempt.delivery;
  const status = async () => {
    const { data } = await usher.graphql(WebhookDeliveryDocument, { id }, token);
    return [data?.webhookDelivery?.status, data?.webhookDelivery?.responseStatus];
  };
  await expect.poll(status, { timeout: 10_000 }).toEqual(['SUCCEEDED', 200]);

  // After a rotation, both secrets sign.
  const rotated = await usher.graphql(
    RotateWebhookSecretDocument,
    { input: { id: endpoint.id } },
    token,
  );
  const rotation = rotated.data?.rotateWebhookSecret;
  if (rotation?.__typename !== 'RotateWebhookSecretSuccess') throw new Error('No rotation.');
  await usher.graphql(RedeliverWebhookDocument, { input: { deliveryId: id } }, token);
  const second = await lastRequest(receiver, 2);
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(second.body).toBe(first.body);
  expect([secret, rotation.secret].map(key => isSignedWith(key, second))).toEqual([true, true]);
  await expect.poll(status, { timeout: 10_000 }).toEqual(['SUCCEEDED', 200]);

  // After an update, the new URL receives the new event types.
  await usher.graphql(
    UpdateWebhookEndpointDocument,
    {
      input: {
        id: endpoint.id,
        url: elsewhere.url,
        events: ['CUSTOMER_SEAT_ASSIGNED'],
      },
    },
    token,
  );
  const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const third = await lastRequest(elsewhere, 1);
  expect(third.event).toMatchObject({ type: 'customer_seat.assigned', data: seat });
  expect(isSignedWith(rotation.secret, third)).toBe(true);
  expect(receiver.received).toHaveLength(2);
});
