import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { transaction } from '../db/transaction.ts';
import { requireSeatManager } from './access.ts';
import { lockSeat } from './find.ts';
import { SPENT_INVITATION } from './invitation.ts';
import { recordEvents } from './outbox.ts';
import { requireSeatFeature } from './source.ts';
import type { SeatView } from './view.ts';

/**
 * Takes a seat from its holder, or withdraws its invitation, and frees its place in the pool. The answer still names
 * the former holder (`member`, e-mail address), whose ids are gone from the row. A revoked seat is answered as it is.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, FeatureNotEnabled.
 */
export async function revokeSeat(ctx: Ctx, seatId: string): Promise<SeatView> {
  const actor = requireSeatManager(ctx.actor);
  const revoked = await transaction(ctx.db, async tx => {
    const { seat, source } = await lockSeat(tx, actor, seatId);
    const isRevoked = seat.status === 'revoked';
    // The reference lets a customer see its revoked seat, whatever the organization has switched off since.
    if (isRevoked && 'customerId' in actor) return seat;
    requireSeatFeature(source.organization);
    if (isRevoked) return seat;
    const [answer = seat] = await revokeLocked(tx, [seat], ctx.now());
    return answer;
  });
  ctx.changes.announce(seatId);
  return revoked;
}

/** Revokes live seats of one organization whose pools and rows are locked, in their order, with an event each. */
export async function revokeLocked(
  tx: Tx,
  seats: readonly SeatView[],
  now: Date,
): Promise<SeatView[]> {
  const [first] = seats;
  if (first === undefined) return [];
  const change = {
    status: 'revoked',
    revokedAt: now,
    modifiedAt: now,
    customerId: null,
    memberId: null,
    email: null,
    ...SPENT_INVITATION,
  } as const;
  const { count } = await tx.customerSeat.updateMany({
    where: {
      organizationId: first.organizationId,
      id: { in: seats.map(({ id }) => id) },
      status: { not: 'revoked' },
    },
    data: change,
  });
  if (count !== seats.length) throw new Error('A seat changed that was locked.');
  // Who held the seat is still told, though the row has forgotten.
  const revoked = seats.map(seat => ({ ...seat, ...change }));
  await recordEvents(tx, 'customer_seat.revoked', revoked, now);
  return revoked;
}
