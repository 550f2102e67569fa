import { Polar } from 'polar-sdk-0.49.0';
import { HTTPValidationError } from 'polar-sdk-0.49.0/models/errors/httpvalidationerror.js';
import { SDKError } from 'polar-sdk-0.49.0/models/errors/sdkerror.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestUsher } from '../support/usher.ts';
import { rejection } from './seat-calls.ts';
import { testClaimedSubscriptions } from './speakeasy-claimed-subscriptions.ts';
import { testFailures } from './speakeasy-failures.ts';
import { testMemberIds } from './speakeasy-options.ts';
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
testClaimedSubscriptions(version, running);
testFailures(version, running);

test('a portal session can be that of any member', async () => {
  const { tokens, ids } = await usher.addFixture();
  const polar = new Polar({ serverURL: usher.url, accessToken: tokens.organization });
  for (const member of [{ memberId: ids.member }, { externalMemberId: 'usr_mia' }]) {
    const session = await polar.customerSessions.create({ customerId: ids.customer, ...member });
    const security = { memberSession: session.token };
    const pool = { subscriptionId: ids.subscription };
    const { seats } = polar.customerPortal;
    expect(await seats.listSeats(security, pool)).toMatchObject({ totalSeats: 5 });
    // A plain member may look and no more.
    const body = { ...pool, email: 'sam@globex.example' };
    const error = await rejection(seats.assignSeat(security, body));
    expect(error).toMatchObject({ statusCode: 403 });
  }
});

test('a customer without an address is a team, whose session is that of a member', async () => {
  const { tokens, ids } = await usher.addFixture();
  await usher.db.customer.updateMany({ where: { id: ids.customer }, data: { email: null } });
  const polar = new Polar({ serverURL: usher.url, accessToken: tokens.organization });
  const session = await polar.customerSessions.create({
    customerId: ids.customer,
    memberId: ids.manager,
  });
  expect(session.customer).toMatchObject({ type: 'team', email: null, avatarUrl: null });
  const error = await rejection(polar.customerSessions.create({ customerId: ids.customer }));
  expect(error).toBeInstanceOf(HTTPValidationError);
  expect(error).toMatchObject({
    detail: [{ loc: ['body', 'member_id'], msg: 'member_id is required for team customers.' }],
  });
});
