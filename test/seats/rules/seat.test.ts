import { describe, expect, test } from 'vitest';
import { OrderStatus, SubscriptionStatus } from '../../../src/db/generated/prisma/enums.ts';
import { givesSeats, hasMemberModel, sellsBySeat } from '../../../src/seats/rules/pool.ts';
import {
  decideClaim,
  decideResend,
  RESEND_LIMITS,
  requireSeat,
  type SeatFacts,
} from '../../../src/seats/rules/seat.ts';
import {
  aMember,
  aPool,
  aSeat,
  context,
  customerSession,
  NOW,
  organizationToken,
  seatFacts,
} from './facts.ts';

const poolOf = (organization: object = {}, pool: object = {}) => ({
  ...aPool(pool, organization),
  deletedAt: null,
});

function nameOf(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

describe('a pool', () => {
  test('gives seats in these states alone', () => {
    expect(Object.values(SubscriptionStatus).filter(givesSeats)).toEqual([
      'trialing',
      'active',
      'past_due',
      'paused',
    ]);
    expect(Object.values(OrderStatus).filter(givesSeats)).toEqual(['paid', 'partially_refunded']);
  });

  test('is sold by the seat by an organization that has the feature and was not deleted', () => {
    expect(sellsBySeat({ seatBasedPricingEnabled: true, deletedAt: null })).toBe(true);
    expect(sellsBySeat({ seatBasedPricingEnabled: false, deletedAt: null })).toBe(false);
    expect(sellsBySeat({ seatBasedPricingEnabled: true, deletedAt: NOW })).toBe(false);
  });

  test('has the member model unless its organization is blocked', () => {
    expect(hasMemberModel({ memberModelEnabled: true, status: 'active' })).toBe(true);
    expect(hasMemberModel({ memberModelEnabled: true, status: 'blocked' })).toBe(false);
    expect(hasMemberModel({ memberModelEnabled: false, status: 'active' })).toBe(false);
  });
});

describe('a seat is found', () => {
  const otherCustomers = { pool: poolOf({}, { customerId: 'initech' }) };
  const withoutProduct = { pool: poolOf({}, { productId: null }) };
  test.each([
    ['by a token of its organization', organizationToken, {}, 'done'],
    ['by a session of its customer', customerSession, {}, 'done'],
    ['not by a session of another customer', customerSession, otherCustomers, 'ResourceNotFound'],
    [
      'not by a token, where its pool has no product',
      organizationToken,
      withoutProduct,
      'ResourceNotFound',
    ],
    ['by a session, where its pool has no product', customerSession, withoutProduct, 'done'],
  ])('%s', (_, actor, change, expected) => {
    expect(nameOf(() => requireSeat(actor, seatFacts(change)))).toBe(expected);
  });

  test('never, where there is none', () => {
    expect(nameOf(() => requireSeat(organizationToken, undefined))).toBe('ResourceNotFound');
  });
});

describe('a claim', () => {
  const claim = (change: Partial<SeatFacts> = {}) => decideClaim(seatFacts(change), context());
  const nobody = { member: null, memberId: null, customerId: 'globex' } as const;

  test('begins the session of the member whose seat it is', () => {
    const { seat, session, newMember } = claim();
    expect(seat).toMatchObject({ status: 'claimed', claimedAt: NOW, invitationNonce: null });
    expect(session).toEqual({ customerId: 'globex', memberId: 'mia' });
    expect(newMember).toBeUndefined();
  });

  test('makes the member of a seat that has an address alone', () => {
    const { seat, session, newMember } = claim({
      seat: aSeat({ ...nobody, email: 'sam@globex.example' }),
    });
    expect(newMember).toMatchObject({
      id: 'new-1',
      email: 'sam@globex.example',
      customerId: 'globex',
    });
    expect(seat).toMatchObject({ memberId: 'new-1', email: 'sam@globex.example' });
    expect(session).toEqual({ customerId: 'globex', memberId: 'new-1' });
  });

  test('gives a seat that has an address alone to the member with the address', () => {
    const seat = aSeat({ ...nobody, email: 'mia@globex.example' });
    const decision = claim({ seat, addressee: aMember() });
    expect(decision.newMember).toBeUndefined();
    expect(decision.seat.memberId).toBe('mia');
  });

  test('begins a customer’s session where a customer without an address holds the seat', () => {
    const seat = aSeat({ ...nobody, email: null, customerId: 'initech' });
    const { session } = claim({
      seat,
      pool: poolOf({ memberModelEnabled: false }),
      customer: { email: null, deletedAt: null },
    });
    expect(session).toEqual({ customerId: 'initech', memberId: null });
  });

  test.each<[string, Partial<SeatFacts>, string]>([
    [
      'of an invitation that has expired',
      { seat: aSeat({ invitationTokenExpiresAt: new Date(NOW.getTime() - 1) }) },
      'InvalidInvitationToken',
    ],
    [
      'of an invitation that never expires',
      { seat: aSeat({ invitationTokenExpiresAt: null }) },
      'done',
    ],
    [
      'in an organization without the feature',
      { pool: poolOf({ seatBasedPricingEnabled: false }) },
      'FeatureNotEnabled',
    ],
    [
      'in a blocked organization',
      { pool: poolOf({ status: 'blocked' }) },
      'InvalidInvitationToken',
    ],
    ['of a deleted pool', { pool: { ...poolOf(), deletedAt: NOW } }, 'InvalidInvitationToken'],
    [
      'by a member who was removed',
      { seat: aSeat({ member: aMember({ deletedAt: NOW }) }) },
      'InvalidInvitationToken',
    ],
    [
      'of a deleted billing customer',
      { billingCustomer: { deletedAt: NOW } },
      'InvalidInvitationToken',
    ],
    [
      'of a seat that names nobody',
      { seat: aSeat({ ...nobody, email: null }) },
      'InvalidInvitationToken',
    ],
    [
      'by somebody who has another seat of the pool',
      {
        seat: aSeat({ ...nobody, email: 'mia@globex.example' }),
        addressee: aMember(),
        hasOtherSeat: true,
      },
      'InvalidInvitationToken',
    ],
  ])('%s', (_, change, expected) => {
    expect(nameOf(() => claim(change))).toBe(expected);
  });

  test('of an unknown invitation is refused', () => {
    expect(nameOf(() => decideClaim(null, context()))).toBe('InvalidInvitationToken');
  });
});

describe('a resend', () => {
  const invitation = {
    invitationNonce: new Uint8Array([3]),
    invitationTokenHash: new Uint8Array([4]),
    invitationTokenExpiresAt: new Date('2026-03-02T12:00:00Z'),
  };
  const resend = (change: Partial<SeatFacts> = {}, limits = RESEND_LIMITS) =>
    decideResend(seatFacts(change), invitation, limits, NOW);
  const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
  const resentBefore = (...seconds: number[]) => ({
    resends: { times: seconds.map(ago), tokenHash: new Uint8Array([2]) },
  });

  test('renews the invitation and counts', () => {
    const { seat, resends } = resend();
    expect(seat).toMatchObject({ ...invitation, status: 'pending', modifiedAt: NOW });
    expect(resends).toEqual([NOW]);
  });

  test.each<[string, Partial<SeatFacts>, string]>([
    ['within a minute', resentBefore(59), 'RateLimited'],
    ['after a minute', resentBefore(60), 'done'],
    ['the sixth within an hour', resentBefore(3599, 900, 800, 700, 600), 'RateLimited'],
    ['the sixth after an hour', resentBefore(3600, 900, 800, 700, 600), 'done'],
    [
      'of an invitation to somebody else than before',
      { resends: { times: [ago(1)], tokenHash: new Uint8Array([9]) } },
      'done',
    ],
    ['to somebody who has unsubscribed', { isOptedOut: true }, 'InvitationsDeclined'],
    ['of a claimed seat', { seat: aSeat({ status: 'claimed' }) }, 'SeatNotPending'],
    ['to nobody', { seat: aSeat({ member: null, email: null }) }, 'InvalidInvitationToken'],
    [
      'in a blocked organization',
      { pool: poolOf({ status: 'blocked' }) },
      'InvalidInvitationToken',
    ],
    [
      'in an organization without the feature',
      { pool: poolOf({ seatBasedPricingEnabled: false }) },
      'FeatureNotEnabled',
    ],
  ])('%s', (_, change, expected) => {
    expect(nameOf(() => resend(change))).toBe(expected);
  });

  test('neither counts nor asks for an opt-out where the organization sends no invitations', () => {
    const pool = poolOf({ sendsInvitations: false });
    const { resends } = resend({ pool, isOptedOut: true, ...resentBefore(1) });
    expect(resends).toBeUndefined();
  });

  test('says when it will be allowed', () => {
    expect(() => resend(resentBefore(20))).toThrow(
      expect.objectContaining({ retryAfter: 40, retryAt: new Date(NOW.getTime() + 40_000) }),
    );
  });
});
