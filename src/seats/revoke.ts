import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { requireSeatManager } from './access.ts';
import { recordEvents } from './outbox.ts';
import { noChanges, type SeatChanges } from './rules/changes.ts';
import { decideRevocation, requireSeat, revoked } from './rules/seat.ts';
import { changeSeats } from './store/change-seats.ts';
import { readSeatFacts, seatQueries } from './store/seat-facts.ts';
import type { SeatView } from './view.ts';

/**
 * Takes a seat from its holder, or withdraws its invitation, and frees it for somebody else. The answer still shows the
 * former holder (`member`, e-mail address), whose ids the row loses. A revoked seat is answered as it is.
 *
 * A claim begins a session, in which a member sees the team's seats. A member who loses their last seat, and has no other
 * role, loses the sessions that claims began.
 *
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, FeatureNotEnabled.
 */
export async function revokeSeat(ctx: Ctx, seatId: string): Promise<SeatView> {
  const actor = requireSeatManager(ctx.actor);
  const queries = seatQueries(actor, seatId, { freesSeat: true });
  const { seat, team } = await changeSeats(ctx.sql, queries, looked => {
    const facts = requireSeat(actor, readSeatFacts(looked));
    const now = ctx.now();
    const after = decideRevocation(actor, facts, now);
    const changes = after === undefined ? noChanges() : changesOf([facts.seat], [after]);
    return { now, changes, result: { seat: after ?? facts.seat, team: facts.pool } };
  });
  ctx.actors.forgetTeam(team);
  ctx.changes.announce(seatId);
  return seat;
}

/** Everything that the revocation of seats writes. */
function changesOf(before: readonly SeatView[], after: readonly SeatView[]): SeatChanges {
  return {
    ...noChanges(),
    changedSeats: [...after],
    events: after.map(seat => ({ type: 'customer_seat.revoked', seat })),
    formerHolders: before.flatMap(({ organizationId, memberId, status }) =>
      status === 'claimed' && memberId !== null ? [{ organizationId, memberId }] : [],
    ),
  };
}

/** Revokes live seats of one organization whose pools and rows are locked, in their order, with an event each. */
export async function revokeLocked(
  tx: Tx,
  seats: readonly SeatView[],
  now: Date,
): Promise<SeatView[]> {
  const [first] = seats;
  if (first === undefined) return [];
  const { status, revokedAt, modifiedAt, customerId, memberId, email, invitationNonce } = revoked(
    first,
    now,
  );
  const change = { status, revokedAt, modifiedAt, customerId, memberId, email, invitationNonce };
  const { count } = await tx.customerSeat.updateMany({
    where: {
      organizationId: first.organizationId,
      id: { in: seats.map(({ id }) => id) },
      status: { not: 'revoked' },
    },
    data: change,
  });
  if (count !== seats.length) throw new Error('A seat changed that was locked.');
  return await recordRevocations(tx, seats, now);
}

/**
 * Records that live seats of one organization, as they were, are revoked, and ends the sessions of who has none left. Who
 * held them is still told, though the rows forget.
 */
export async function recordRevocations(
  tx: Tx,
  seats: readonly SeatView[],
  now: Date,
): Promise<SeatView[]> {
  const after = seats.map(seat => revoked(seat, now));
  const [first] = after;
  if (first === undefined) return [];
  await recordEvents(tx, 'customer_seat.revoked', after, now);
  await endSessionsOfHolders(tx, first.organizationId, seats, now);
  return after;
}

/** Ends the sessions that claims began, of those who have lost their last seat. */
async function endSessionsOfHolders(
  tx: Tx,
  organizationId: string,
  seats: readonly SeatView[],
  now: Date,
): Promise<void> {
  const claimed = seats.filter(({ status, memberId }) => status === 'claimed' && memberId !== null);
  if (claimed.length === 0) return;
  const holders = [...new Set(claimed.map(({ memberId }) => memberId))];
  await tx.$queryRaw`
    SELECT end_sessions_without_seat(${organizationId}::uuid, holder.id, ${now}::timestamptz)
      FROM unnest(${holders}::uuid[]) AS holder (id)`;
}
