import { expect } from 'vitest';
import { historyOf } from './seats.ts';
import type { TestUsher } from './usher.ts';
import type { Pool } from './verbs.ts';

/**
 * The histories that the state machine allows: each life of a row begins with an assignment and may end with a revocation.
 */
const LIVES = /^((assigned (invitation_resent )*(claimed )?|claimed )(revoked |$))*$/;

/** Checks that a pool is in a possible state, and returns its rows, the oldest first. */
export async function checkPool(usher: Pick<TestUsher, 'db'>, { kind, id }: Pool) {
  const rows = await usher.db.customerSeat.findMany({
    where: kind === 'order' ? { orderId: id } : { subscriptionId: id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const { seats, seatsUsed, seatsRevoked } =
    kind === 'order'
      ? await usher.db.order.findFirstOrThrow({ where: { id } })
      : await usher.db.subscription.findFirstOrThrow({ where: { id } });
  const live = rows.filter(({ status }) => status !== 'revoked');
  expect([live.length, rows.length - live.length]).toEqual([seatsUsed, seatsRevoked]);
  expect(live.length).toBeLessThanOrEqual(seats ?? 0);
  for (const holder of [
    live.map(({ memberId }) => memberId),
    live.map(({ email }) => email?.toLowerCase()),
  ]) {
    expect(new Set(holder).size).toBe(live.length);
  }
  for (const row of rows) {
    const history = (await historyOf(usher, row.id)).map(word => `${word} `).join('');
    expect(history).toMatch(LIVES);
    const last = { pending: /(assigned|resent) $/, claimed: /claimed $/, revoked: /revoked $/ };
    expect(history).toMatch(last[row.status]);
    const { invitationNonce, invitationTokenHash, claimedAt, revokedAt } = row;
    const isInvited = row.status === 'pending';
    expect(invitationNonce !== null).toBe(isInvited);
    if (isInvited) expect(invitationTokenHash).not.toBeNull();
    if (row.status !== 'revoked') {
      expect([claimedAt !== null, revokedAt]).toEqual([row.status === 'claimed', null]);
    } else {
      expect(row).toMatchObject({ customerId: null, memberId: null, email: null });
      expect(revokedAt).not.toBeNull();
    }
  }
  return rows;
}
