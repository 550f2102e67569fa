import { Spaire } from 'spaire-sdk';
import { HTTPValidationError } from 'spaire-sdk/models/errors/httpvalidationerror.js';
import { SDKError } from 'spaire-sdk/models/errors/sdkerror.js';
import { afterAll, beforeAll } from 'vitest';
import type { TestUsher } from '../support/usher.ts';
import { testClaimedSubscriptions } from './speakeasy-claimed-subscriptions.ts';
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
  create: (options: { serverURL: string; accessToken?: string }) => new Spaire(options),
  decodesMember: true,
  SDKError,
  HTTPValidationError,
};

testStories(version, running);
testCustomerSessions(version, running);
testMemberIds(version, running);
testSellersCheckout(version, running);
testClaimedSubscriptions(version, running);
testFailures(version, running);
