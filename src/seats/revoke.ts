import { requireSeatManager } from '../auth/access.ts';
import { type RecordedActor, recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { noChanges, type SeatChanges } from './rules/changes.ts';
import { hasMemberModel } from './rules/pool.ts';
import { decideRevocation, requireSeat, revoked } from './rules/seat.ts';
import { changeSeats } from './store/change-seats.ts';
import { readSeatFacts, seatQueries } from './store/seat-facts.ts';
import { writeWithin } from './store/write.ts';
import { holderOf, type SeatHolder, type SeatView } from './view.ts';

/** A revoked seat, and who lost it; null if it was revoked before. */
export interface RevokedSeat {
  seat: SeatView;
  formerHolder: SeatHolder | null;
}

/**
 * Takes a seat from its holder, or withdraws its invitation, and frees it for somebody else. The answer still shows the
 * former holder (`member`, e-mail address), whose ids the row loses. A revoked seat is answered as it is.
 *
 * A claim begins a session, in which a member sees the team's seats. A member who loses their last seat, and has no other
 * role, loses the sessions that claims began.
 *
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, FeatureNotEnabled.
 */
export async function revokeSeat(ctx: Ctx, seatId: string): Promise<RevokedSeat> {
  const actor = requireSeatManager(ctx.actor);
  const queries = seatQueries(actor, seatId, { freesSeat: true });
  const { team, ...revokedSeat } = await changeSeats(ctx.sql, queries, looked => {
    const facts = requireSeat(actor, readSeatFacts(looked));
    const now = ctx.now();
    const after = decideRevocation(actor, facts, now);
    const changes =
      after === undefined
        ? noChanges()
        : changesOf([facts.seat], [after], recordActor(actor, ctx.channel));
    const hasMembers = hasMemberModel(facts.pool.organization);
    const formerHolder = after === undefined ? null : holderOf(facts.seat, { hasMembers });
    return { now, changes, result: { seat: after ?? facts.seat, formerHolder, team: facts.pool } };
  });
  ctx.actors.forgetMembers(team);
  ctx.changes.announce(seatId);
  return revokedSeat;
}

/** Everything that the revocation of seats writes. */
function changesOf(
  before: readonly SeatView[],
  after: readonly SeatView[],
  by: RecordedActor,
): SeatChanges {
  return {
    ...noChanges(),
    changedSeats: [...after],
    events: after.map(seat => ({ type: 'customer_seat.revoked', seat, by })),
    formerHolders: formerHolders(before),
  };
}

/** Each member who loses a claimed seat, once. */
function formerHolders(seats: readonly SeatView[]): SeatChanges['formerHolders'] {
  const holders = new Map<string, SeatChanges['formerHolders'][number]>();
  for (const { organizationId, memberId, status } of seats) {
    if (status === 'claimed' && memberId !== null)
      holders.set(memberId, { organizationId, memberId });
  }
  return [...holders.values()];
}

/** Revokes live seats whose pools and rows are locked, in their order, with an event each. */
export async function revokeLocked(
  tx: Tx,
  seats: readonly SeatView[],
  by: RecordedActor,
  now: Date,
): Promise<SeatView[]> {
  const after = seats.map(seat => revoked(seat, now));
  await writeWithin(tx, changesOf(seats, after, by), now);
  return after;
}

/** Records that seats, as they were, are revoked by rows that somebody else writes; ends sessions as `revokeSeat` does. */
export async function recordRevocations(
  tx: Tx,
  seats: readonly SeatView[],
  by: RecordedActor,
  now: Date,
): Promise<void> {
  const after = seats.map(seat => revoked(seat, now));
  await writeWithin(tx, { ...changesOf(seats, after, by), changedSeats: [] }, now);
}
