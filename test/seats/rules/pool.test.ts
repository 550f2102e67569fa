import { describe, expect, test } from 'vitest';
import type { SeatNotAvailable } from '../../../src/domain/errors.ts';
import { availabilityOf, requireFreeSeat } from '../../../src/seats/rules/pool.ts';
import { aPool } from './facts.ts';

describe('whether a pool has a seat to assign', () => {
  test.each([
    ['with a free seat', aPool({ seats: 3, seatsUsed: 2 }), 'available'],
    ['with all seats assigned', aPool({ seats: 3, seatsUsed: 3 }), 'full'],
    ['with more seats assigned than bought', aPool({ seats: 1, seatsUsed: 3 }), 'full'],
    ['of zero seats', aPool({ seats: 0, seatsUsed: 0 }), 'full'],
    ['that is not sold by the seat', aPool({ seats: null }), 'not_sold_by_seat'],
    ['without a product', aPool({ productId: null }), 'not_sold_by_seat'],
    [
      'of an organization that does not sell by the seat',
      aPool({}, { seatBasedPricingEnabled: false }),
      'not_sold_by_seat',
    ],
    ['of a deleted organization', aPool({}, { deletedAt: new Date() }), 'not_sold_by_seat'],
    ['that is past due', aPool({ status: 'past_due' }), 'available'],
    ['in its trial', aPool({ status: 'trialing' }), 'available'],
    ['that is incomplete', aPool({ status: 'incomplete' }), 'not_paid'],
    ['that is a draft', aPool({ status: 'draft' }), 'not_paid'],
    ['that is pending', aPool({ status: 'pending' }), 'not_paid'],
    ['that is canceled', aPool({ status: 'canceled' }), 'ended'],
    ['that is unpaid', aPool({ status: 'unpaid' }), 'ended'],
    ['that expired incomplete', aPool({ status: 'incomplete_expired' }), 'ended'],
    ['that was refunded', aPool({ status: 'refunded' }), 'ended'],
    ['that is void', aPool({ status: 'void' }), 'ended'],
    ['that is full and ended', aPool({ status: 'void', seats: 0 }), 'ended'],
  ] as const)('a pool %s', (_, pool, expected) => {
    expect(availabilityOf(pool)).toBe(expected);
    const refuse = () => requireFreeSeat(pool);
    if (expected === 'available') expect(refuse).not.toThrow();
    else expect(refuse).toThrow();
  });

  test('the error of an assignment has the same reason', () => {
    const refuse = () => requireFreeSeat(aPool({ status: 'draft' }));
    expect(refuse).toThrow(
      expect.objectContaining({ name: 'SeatNotAvailable', reason: 'not_paid' }) as SeatNotAvailable,
    );
  });
});
