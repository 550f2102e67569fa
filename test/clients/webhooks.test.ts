import { validateEvent as polar0425 } from 'polar-sdk-0.42.5/webhooks';
import { validateEvent as polar0430 } from 'polar-sdk-0.43.0/webhooks';
import { validateEvent as polar0490 } from 'polar-sdk-0.49.0/webhooks';
import * as v2026x04 from 'polar-sdk-1.0.1/2026-04';
import * as v2026x10 from 'polar-sdk-1.0.1/2026-10';
import * as v2027x01 from 'polar-sdk-1.0.1/2027-01';
import { validateEvent as spaire } from 'spaire-sdk/webhooks';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addEndpoint, startDelivering } from '../support/deliveries.ts';
import { tokenOf } from '../support/invitations.ts';
import { type Received, startReceiver } from '../support/receiver.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher } from '../support/usher.ts';

/** What a vendor's client makes of a webhook; it throws, or rejects, where it does not trust or understand it. */
type Validate = (body: string, headers: Record<string, string>, secret: string) => unknown;

const VERIFIERS: readonly (readonly [string, Validate])[] = [
  ['@polar-sh/sdk 1.0.1, 2026-04', v2026x04.webhooks.validateEvent],
  ['@polar-sh/sdk 1.0.1, 2026-10', v2026x10.webhooks.validateEvent],
  ['@polar-sh/sdk 1.0.1, 2027-01', v2027x01.webhooks.validateEvent],
  ['@polar-sh/sdk 0.49.0', polar0490],
  ['@polar-sh/sdk 0.43.0', polar0430],
  ['@polar-sh/sdk 0.42.5', polar0425],
  ['@spaire/sdk', spaire],
];

let secret = '';
let arrived: Received[] = [];

/** A seat's whole life in both models, and a seat that was claimed immediately, as received. */
beforeAll(async () => {
  const usher = await startUsher();
  const receiver = await startReceiver();
  const dispatcher = await startDelivering(usher);
  try {
    for (const memberModelEnabled of [true, false]) {
      const fixture = await usher.addFixture({ memberModelEnabled });
      const { id } = await addEndpoint(usher, fixture, receiver.url);
      secret = 'whsec_8f3QmW0kYvXo1nR5sT7uB9cD2eF4gH6iJ';
      await usher.db.webhookEndpoint.updateMany({ where: { id }, data: { secret } });
      const body = { email: 'sam@globex.example', metadata: { seat: 'by the window' } };
      const seat = await givenSeat(usher, fixture, body);
      const invitation_token = await tokenOf(usher, seat.id);
      await usher.rest('POST', '/v1/customer-seats/claim', { body: { invitation_token } });
      const token = fixture.tokens.organization;
      await usher.rest('DELETE', `/v1/customer-seats/${seat.id}`, { token });
      await givenSeat(usher, fixture, { email: 'kim@globex.example', immediate_claim: true });
    }
    await vi.waitFor(() => expect(receiver.received).toHaveLength(8), { timeout: 15_000 });
    arrived = receiver.received;
  } finally {
    await dispatcher.close();
    await receiver.close();
    await usher.close();
  }
});
afterAll(() => {
  arrived = [];
});

const headersOf = ({ headers }: Received): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

test.each(VERIFIERS)('%s trusts and understands every webhook', async (_name, validate) => {
  for (const webhook of arrived) {
    const event = await validate(webhook.body, headersOf(webhook), secret);
    expect(event).toMatchObject({ type: webhook.event.type, data: { id: webhook.event.data.id } });
  }
});

test.each(VERIFIERS)(
  '%s trusts none under another key or with another body',
  async (_name, validate) => {
    for (const webhook of arrived.slice(0, 1)) {
      const asked = (body: string, key: string) => async () =>
        await validate(body, headersOf(webhook), key);
      await expect(asked(webhook.body, `${secret}x`)).rejects.toThrow();
      await expect(asked(webhook.body.replace('sam@', 'eve@'), secret)).rejects.toThrow();
    }
  },
);
