import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { givenSeat } from '../support/seats.ts';
import type { Calls, TestUsher } from '../support/usher.ts';
import { addDelivery, createdEndpoint } from '../support/webhooks.ts';

/** What the screens show and the changes change: seats in each status, and an endpoint with deliveries. */
export interface Scene {
  fixture: Fixture;
  pendingSeat: string;
  /** Another pending seat, with the token of its invitation. */
  invitedSeat: string;
  invitationToken: string;
  /** The seat of Mia, a member. */
  claimedSeat: string;
  revokedSeat: string;
  endpoint: string;
  failedDelivery: string;
}

/** Makes a scene of its own organization. */
export async function setScene(
  usher: Calls & Pick<TestUsher, 'db' | 'addFixture'>,
): Promise<Scene> {
  const fixture = await usher.addFixture({ seats: 8 });
  const claimed = await givenSeat(usher, fixture, {
    member_id: fixture.ids.member,
    immediate_claim: true,
  });
  const pending = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const revoked = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
  const invited = await givenSeat(usher, fixture, { email: 'lee@globex.example' });
  await usher.rest('DELETE', `/v1/customer-seats/${revoked.id}`, {
    token: fixture.tokens.organization,
  });
  const { id: endpoint } = await createdEndpoint(usher, fixture);
  const place = { organizationId: fixture.ids.organization, id: endpoint };
  const failed = await addDelivery(usher, place);
  await addDelivery(usher, place, { status: 'pending' });
  return {
    fixture,
    pendingSeat: pending.id,
    claimedSeat: claimed.id,
    revokedSeat: revoked.id,
    invitedSeat: invited.id,
    invitationToken: await tokenOf(usher, invited.id),
    endpoint,
    failedDelivery: failed.id,
  };
}
