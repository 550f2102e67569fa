import type { IncomingHttpHeaders } from 'node:http';
import { validateEvent } from 'polar-sdk-0.49.0/webhooks.js';
import { webhooks } from 'polar-sdk-1.0.1/2027-01';
import { Webhook } from 'standardwebhooks';
import type { Endpoint } from './fixture.ts';
import { BrokenPromise } from './promise.ts';

// The vendors' clients check the whole payload besides, which takes a while.
const SAMPLE = 25;

/** Verifies a delivery as its receiver would: with the key of the endpoint, and some of them with the vendors' own clients. */
export async function verifySignature(
  { id, secret }: Endpoint,
  given: IncomingHttpHeaders,
  body: string,
  order: number,
): Promise<void> {
  const headers = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'content-type'].map(name => [
      name,
      String(given[name]),
    ]),
  );
  try {
    // The key is the bytes of the whole secret.
    new Webhook(Buffer.from(secret).toString('base64')).verify(body, headers);
    if (order % SAMPLE === 0) {
      await webhooks.validateEvent(body, headers, secret);
      validateEvent(body, headers, secret);
    }
  } catch (error) {
    throw new BrokenPromise("every delivery is signed with its endpoint's key", {
      endpoint: id,
      headers,
      body,
      error,
    });
  }
}
