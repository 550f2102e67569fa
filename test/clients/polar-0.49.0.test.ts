import { Polar } from 'polar-sdk-0.49.0';
import { HTTPValidationError } from 'polar-sdk-0.49.0/models/errors/httpvalidationerror.js';
import { SDKError } from 'polar-sdk-0.49.0/models/errors/sdkerror.js';
import { afterAll, beforeAll } from 'vitest';
import type { TestUsher } from '../support/usher.ts';
import { testClaimedSubscriptions } from './speakeasy-claimed-subscriptions.ts';
import { testFailures } from './speakeasy-failures.ts';
import { testMemberIds } from './speakeasy-options.ts';
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
testMemberIds(version, running);
testClaimedSubscriptions(version, running);
testFailures(version, running);
