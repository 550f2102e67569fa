import { randomUUID } from 'node:crypto';
import { hashToken, newToken } from '../../src/auth/token.ts';
import type { Fixture } from './fixture.ts';
import type { Calls, RestAnswer, TestUsher } from './usher.ts';

/** Assigns a seat as the seller: of the subscription, unless the body names another source. */
export async function assign(
  usher: Calls,
  fixture: Fixture,
  body: Record<string, unknown>,
): Promise<RestAnswer> {
  const sourced = ['subscription_id', 'order_id', 'checkout_id'].some(key => key in body);
  return await usher.rest('POST', '/v1/customer-seats', {
    token: fixture.tokens.organization,
    body: sourced ? body : { subscription_id: fixture.ids.subscription, ...body },
  });
}

/** Returns a seat assigned by `assign`, which must succeed. */
export async function givenSeat(
  usher: Calls,
  fixture: Fixture,
  body: Record<string, unknown>,
): Promise<RestAnswer['body']> {
  const answer = await assign(usher, fixture, body);
  if (answer.status !== 200) throw new Error(`No seat was given: ${answer.text}`);
  return answer.body;
}

/** Returns the recorded events of a seat, in order. */
export async function eventsOf(usher: Pick<TestUsher, 'db'>, seatId: string) {
  return await usher.db.outboxEvent.findMany({
    where: { seatId },
    orderBy: { sequence: 'asc' },
    select: { type: true, payload: true, organizationId: true },
  });
}

/** Returns the types of a seat's events, in order, without `customer_seat.`. */
export async function historyOf(usher: Pick<TestUsher, 'db'>, seatId: string): Promise<string[]> {
  const events = await eventsOf(usher, seatId);
  return events.map(({ type }) => type.replace('customer_seat.', ''));
}

/** Disables the seat feature of an organization. */
export async function switchOff(usher: TestUsher, fixture: Fixture): Promise<void> {
  await usher.db.organization.update({
    where: { id: fixture.ids.organization },
    data: { seatBasedPricingEnabled: false },
  });
}

/** Adds an access token to the fixture's organization. */
export async function addToken(
  usher: TestUsher,
  fixture: Fixture,
  scopes: string[],
  end: { expiresAt?: Date; revokedAt?: Date } = {},
): Promise<string> {
  const token = newToken('organization');
  await usher.db.accessToken.create({
    data: {
      id: randomUUID(),
      tokenHash: hashToken(token),
      organizationId: fixture.ids.organization,
      scopes,
      ...end,
    },
  });
  return token;
}

/** The 15 keys of a seat, in the order of the JSON. */
export const SEAT_KEYS = [
  'created_at',
  'modified_at',
  'id',
  'subscription_id',
  'order_id',
  'status',
  'customer_id',
  'member_id',
  'member',
  'email',
  'customer_email',
  'invitation_token_expires_at',
  'claimed_at',
  'revoked_at',
  'seat_metadata',
];
