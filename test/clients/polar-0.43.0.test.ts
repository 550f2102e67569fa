import { Polar } from 'polar-sdk-0.43.0';
import { HTTPValidationError } from 'polar-sdk-0.43.0/models/errors/httpvalidationerror.js';
import { ResponseValidationError } from 'polar-sdk-0.43.0/models/errors/responsevalidationerror.js';
import { SDKError } from 'polar-sdk-0.43.0/models/errors/sdkerror.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestUsher } from '../support/usher.ts';
import { claimTwice } from './claimed-subscriptions.ts';
import { rejection } from './seat-calls.ts';
import { testFailures } from './speakeasy-failures.ts';
import { testMemberIds, testSellersCheckout } from './speakeasy-options.ts';
import { testCustomerSessions } from './speakeasy-sessions.ts';
import { testStories } from './speakeasy-stories.ts';
import { startUsherForClients } from './usher-for-clients.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsherForClients();
});
afterAll(() => usher.close());

const running = () => usher;
const version = {
  create: (options: { serverURL: string; accessToken?: string }) => new Polar(options),
  decodesMember: true,
  SDKError,
  HTTPValidationError,
};

testStories(version, running);
testCustomerSessions(version, running);
testMemberIds(version, running);
testSellersCheckout(version, running);
testFailures(version, running);

// Decision 17: the answer is the envelope that every newer client wants, and this one wants a bare array.
test('claimed subscriptions are not served to this version', async () => {
  const { sessionToken, subscriptionIds } = await claimTwice(usher);
  const { seats } = new Polar({ serverURL: usher.url }).customerPortal;
  const error = await rejection(seats.listClaimedSubscriptions({ memberSession: sessionToken }));
  expect(error).toBeInstanceOf(ResponseValidationError);
  expect(error).toMatchObject({
    statusCode: 200,
    rawValue: {
      items: subscriptionIds.map(id => ({ id })),
      pagination: { total_count: 2, max_page: 1 },
    },
  });
});
