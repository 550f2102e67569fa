import { Polar as Polar042 } from 'polar-sdk-0.42.5';
import { Polar as Polar049 } from 'polar-sdk-0.49.0';
import { PolarRateLimitError } from 'polar-sdk-1.0.1';
import { createPolar } from 'polar-sdk-1.0.1/2026-10';
import { Spaire } from 'spaire-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UNLIMITED } from '../../src/rate-limits/rate-limits.ts';
import type { TestUsher } from '../support/usher.ts';
import { rejection } from './seat-calls.ts';
import { startUsherForClients } from './usher-for-clients.ts';

// One more each second, which is as soon as a client can be told to come again.
const LIMIT = 60;

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsherForClients({ rateLimits: { ...UNLIMITED, perToken: LIMIT } });
});
afterAll(() => usher.close());

async function exhaust(token: string): Promise<void> {
  for (;;) {
    const { status } = await usher.rest('GET', '/v1/customer-seats', { token });
    if (status === 429) return;
  }
}

test('@polar-sh/sdk 1.x is told when to come again', async () => {
  const { ids, tokens } = await usher.addFixture();
  const polar = createPolar({ accessToken: tokens.organization, baseUrl: usher.url });
  await exhaust(tokens.organization);
  const error = await rejection(
    polar.customerSeats.listSeats({ subscription_id: ids.subscription }),
  );
  expect(error).toBeInstanceOf(PolarRateLimitError);
  expect(error).toMatchObject({ statusCode: 429, retryAfter: 1 });
});

test.each([
  ['@polar-sh/sdk 0.42.5', Polar042],
  ['@polar-sh/sdk 0.49.0', Polar049],
  ['@spaire/sdk', Spaire],
])('%s comes again when it is told to', async (_name, Client) => {
  const { ids, tokens } = await usher.addFixture();
  const accessToken = tokens.organization;
  // Its own delays are too long for the test to end: what counts is Retry-After.
  const backoff = {
    initialInterval: 60_000,
    maxInterval: 60_000,
    exponent: 1,
    maxElapsedTime: 120_000,
  };
  const client = new Client({
    accessToken,
    serverURL: usher.url,
    retryConfig: { strategy: 'backoff', backoff, retryConnectionErrors: false },
  });
  await exhaust(accessToken);
  const seats = await client.customerSeats.listSeats({ subscriptionId: ids.subscription });
  expect(seats.totalSeats).toBe(5);
});
