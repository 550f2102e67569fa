import { describe, expect, test } from 'vitest';
import { decideRevocation, decideRevocations } from '../../../src/seats/rules/revoke.ts';
import { aPool, aSeat, customerSession, NOW, organizationToken, seatFacts } from './facts.ts';

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

describe('a revocation', () => {
  test('takes the ids from the row, and still shows the member', () => {
    const after = decideRevocation(organizationToken, seatFacts(), NOW);
    expect(after).toMatchObject({
      status: 'revoked',
      memberId: null,
      customerId: null,
      email: null,
      revokedAt: NOW,
      invitationNonce: null,
      member: { id: 'mia' },
    });
  });

  const revoked = { seat: aSeat({ status: 'revoked' }) };
  const off = { pool: poolOf({ seatBasedPricingEnabled: false }) };
  test.each([
    ['of a revoked seat changes nothing', organizationToken, revoked, 'done'],
    ['needs the feature', organizationToken, off, 'FeatureNotEnabled'],
    [
      'needs the feature, for a revoked seat',
      organizationToken,
      { ...revoked, ...off },
      'FeatureNotEnabled',
    ],
    ['shows a customer a revoked seat without it', customerSession, { ...revoked, ...off }, 'done'],
  ])('%s', (_, actor, change, expected) => {
    const decide = () => decideRevocation(actor, seatFacts(change), NOW);
    expect(nameOf(decide)).toBe(expected);
    if (expected === 'done') expect(decide()).toBeUndefined();
  });
});

test('several revocations have an outcome each, and a repeated seat is revoked once', () => {
  const facts = seatFacts();
  const off = seatFacts({
    seat: aSeat({ id: 'other' }),
    pool: poolOf({ seatBasedPricingEnabled: false }),
  });
  const all = new Map([
    [facts.seat.id, facts],
    ['other', off],
  ]);
  const ids = [facts.seat.id, 'missing', facts.seat.id, 'other'];
  const outcomes = decideRevocations(organizationToken, ids, all, NOW);
  expect(
    outcomes.map(outcome =>
      outcome.kind === 'refused'
        ? outcome.error.name
        : outcome.kind === 'revoked' && (outcome.formerHolder?.memberId ?? null),
    ),
  ).toEqual([facts.seat.memberId, 'ResourceNotFound', null, 'FeatureNotEnabled']);
});
