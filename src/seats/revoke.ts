import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { transaction } from '../db/transaction.ts';
import { requireSeatManager } from './access.ts';
import { lockSeat } from './find.ts';
import { SPENT_INVITATION } from './invitation.ts';
import { recordEvent } from './outbox.ts';
import { requireSeatFeature } from './source.ts';
import { type SeatView, WITH_HOLDER } from './view.ts';

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
    return isRevoked ? seat : await revokeLocked(tx, seat, ctx.now());
  });
  ctx.changes.announce(seatId);
  return revoked;
}

/** Revokes a live seat whose pool and row are locked. */
export async function revokeLocked(tx: Tx, seat: SeatView, now: Date): Promise<SeatView> {
  const { organizationId, id, member, customer } = seat;
  const revoked = await tx.customerSeat.update({
    where: { organizationId_id: { organizationId, id }, status: seat.status },
    data: {
      status: 'revoked',
      revokedAt: now,
      modifiedAt: now,
      customerId: null,
      memberId: null,
      email: null,
      ...SPENT_INVITATION,
    },
    include: WITH_HOLDER,
  });
  const answer = { ...revoked, member, customer };
  await recordEvent(tx, 'customer_seat.revoked', answer, now);
  return answer;
}
