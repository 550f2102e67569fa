import { requireSeatManager } from '../auth/access.ts';
import { type RecordedActor, recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { type BatchMode, isVoid } from './batch/items.ts';
import { noChanges, type SeatChanges } from './rules/changes.ts';
import {
  decideRevocations,
  formerHolders,
  type RevocationOutcome,
  revoked,
  voidRevocations,
} from './rules/revoke.ts';
import type { SeatFacts } from './rules/seat.ts';
import { changeSeats } from './store/change-seats.ts';
import { lookAtSeats, readSeatFacts, seatQueries } from './store/seat-facts.ts';
import { writeWithin } from './store/write.ts';
import type { SeatHolder, SeatView } from './view.ts';

/** A revoked seat and its former holder; null if it was already revoked. */
export interface RevokedSeat {
  seat: SeatView;
  formerHolder: SeatHolder | null;
}

/**
 * Takes a seat from its holder, or withdraws its invitation, and frees it for somebody else. The returned seat still shows
 * the former holder (`member`, e-mail address), although the row loses the holder's ids. A seat that is already revoked is
 * returned as it is.
 *
 * A claim starts a session, in which a member sees the team's seats. A member who loses their last seat, and has no other
 * role, loses the sessions that claims started.
 *
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, FeatureNotEnabled.
 */
export async function revokeSeat(ctx: Ctx, seatId: string): Promise<RevokedSeat> {
  const [outcome] = await revokeSeats(ctx, [seatId], 'best-effort');
  if (outcome?.kind === 'revoked') return outcome;
  throw outcome?.kind === 'refused' ? outcome.error : new Error('A revocation has no outcome.');
}

/**
 * Revokes seats in one transaction and returns one outcome per id, in order. With `all-or-nothing`, one refused id leaves
 * all seats unchanged. Throws Unauthenticated, NotPermitted.
 */
export async function revokeSeats(
  ctx: Ctx,
  seatIds: readonly string[],
  mode: BatchMode,
): Promise<RevocationOutcome[]> {
  const actor = requireSeatManager(ctx.actor);
  let changed: { facts: SeatFacts; seat: SeatView }[] = [];
  const outcomes = await changeSeats(ctx.sql, seatQueries(actor, seatIds, 'pools'), looked => {
    const now = ctx.now();
    const facts = readSeatFacts(looked);
    const decided = decideRevocations(actor, seatIds, facts, now);
    const isUndone = isVoid(decided, mode);
    const freed = isUndone ? [] : decided.flatMap(outcome => freedBy(outcome, facts));
    changed = freed;
    const before = freed.map(({ facts: { seat } }) => seat);
    const after = freed.map(({ seat }) => seat);
    const by = recordActor(actor, ctx.channel);
    return {
      now,
      changes: freed.length === 0 ? noChanges() : changesOf(before, after, by),
      result: isUndone ? voidRevocations(decided) : decided,
    };
  });
  for (const { facts, seat } of changed) {
    ctx.actors.forgetMembers(facts.pool);
    ctx.changes.announce(seat.id);
  }
  return outcomes;
}

/** Returns what `revokeSeats` would return now; changes and locks nothing. Throws Unauthenticated, NotPermitted. */
export async function previewRevokeSeats(
  ctx: Ctx,
  seatIds: readonly string[],
  mode: BatchMode,
): Promise<RevocationOutcome[]> {
  const actor = requireSeatManager(ctx.actor);
  const facts = await lookAtSeats(ctx.sql, actor, seatIds);
  const outcomes = decideRevocations(actor, seatIds, facts, ctx.now());
  return isVoid(outcomes, mode) ? voidRevocations(outcomes) : outcomes;
}

function freedBy(
  outcome: RevocationOutcome,
  all: ReadonlyMap<string, SeatFacts>,
): { facts: SeatFacts; seat: SeatView }[] {
  if (outcome.kind !== 'revoked' || outcome.formerHolder === null) return [];
  const facts = all.get(outcome.seat.id);
  return facts ? [{ facts, seat: outcome.seat }] : [];
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

/** Revokes live seats whose pools and rows are locked, in the given order and with one event each. */
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

/**
 * Records the revocation of seats whose rows the caller writes; `seats` are as they were before. Ends sessions as
 * `revokeSeat` does.
 */
export async function recordRevocations(
  tx: Tx,
  seats: readonly SeatView[],
  by: RecordedActor,
  now: Date,
): Promise<void> {
  const after = seats.map(seat => revoked(seat, now));
  await writeWithin(tx, { ...changesOf(seats, after, by), changedSeats: [] }, now);
}
