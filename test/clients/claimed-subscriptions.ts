import { randomUUID } from 'node:crypto';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import type { TestUsher } from '../support/usher.ts';

/** Somebody who has claimed a seat of two subscriptions, the newer of which is over. */
export interface TwoClaims {
  fixture: Fixture;
  /** The two subscriptions, the older first. */
  subscriptionIds: [string, string];
  sessionToken: string;
}

/** Has jane@globex.example claim a seat of two subscriptions. */
export async function claimTwice(usher: TestUsher): Promise<TwoClaims> {
  const fixture = await usher.addFixture();
  const first = await usher.db.subscription.findFirstOrThrow({
    where: { id: fixture.ids.subscription },
  });
  const second = await usher.db.subscription.create({
    data: {
      id: randomUUID(),
      organizationId: first.organizationId,
      productId: first.productId,
      customerId: first.customerId,
      seats: 2,
      createdAt: new Date(first.createdAt.getTime() + 1000),
    },
  });
  let sessionToken = '';
  for (const { id } of [first, second]) {
    const assigned = await usher.rest('POST', '/v1/customer-seats', {
      token: fixture.tokens.organization,
      body: { subscription_id: id, email: 'jane@globex.example' },
    });
    const claimed = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token: await tokenOf(usher, assigned.body.id) },
    });
    sessionToken = claimed.body.customer_session_token;
  }
  await usher.db.subscription.updateMany({
    where: { id: second.id },
    data: { status: 'canceled', modifiedAt: new Date() },
  });
  return { fixture, subscriptionIds: [first.id, second.id], sessionToken };
}
