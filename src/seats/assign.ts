import { type KnownActor, requireSeatManager } from '../auth/access.ts';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import { type BatchMode, isVoid } from './batch/items.ts';
import type { AssignSeatInput } from './inputs.ts';
import { type InvitedSeat, withInvitationLink } from './invitation/invitation-link.ts';
import { type AssignmentOutcome, type AssignmentRequest, voidAssignments } from './rules/assign.ts';

/**
 * Assigns a seat of a pool to a person: pending, with an invitation valid for 24 hours, or claimed immediately. usher never
 * oversells a pool and never gives one person two live seats in it, even under concurrent requests. The pool's oldest
 * revoked seat is reused before a new one is created.
 *
 * Throws Unauthenticated, NotPermitted, and then what `decideAssignment` throws, in the order of its rules.
 */
export async function assignSeat(ctx: Ctx, input: AssignSeatInput): Promise<InvitedSeat> {
  const actor = requireSeatManager(ctx.actor);
  return seatOf(ctx, await ctx.assignments.assign(requestOf(ctx, actor, input)));
}

/**
 * Assigns up to 1,000 seats in one transaction and returns one outcome per request, in order. With `all-or-nothing`, one
 * refused request leaves all seats unchanged. Throws Unauthenticated, NotPermitted.
 */
export async function assignSeats(
  ctx: Ctx,
  inputs: readonly AssignSeatInput[],
  mode: BatchMode,
): Promise<AssignmentOutcome[]> {
  const actor = requireSeatManager(ctx.actor);
  const outcomes = await ctx.assignments.assignMany(
    inputs.map(input => requestOf(ctx, actor, input)),
    mode,
  );
  for (const outcome of outcomes) {
    if (outcome.kind === 'assigned') ctx.changes.announce(outcome.seat.id);
  }
  return outcomes;
}

/** Returns what `assignSeats` would return now; changes and locks nothing. Throws Unauthenticated, NotPermitted. */
export async function previewAssignSeats(
  ctx: Ctx,
  inputs: readonly AssignSeatInput[],
  mode: BatchMode,
): Promise<AssignmentOutcome[]> {
  const actor = requireSeatManager(ctx.actor);
  const requests = inputs.map(input => requestOf(ctx, actor, input));
  const outcomes = await ctx.assignments.preview(requests);
  return isVoid(outcomes, mode) ? voidAssignments(outcomes) : outcomes;
}

function requestOf(ctx: Ctx, actor: KnownActor, input: AssignSeatInput): AssignmentRequest {
  return { actor, by: recordActor(actor, ctx.channel), input };
}

function seatOf(ctx: Ctx, outcome: AssignmentOutcome): InvitedSeat {
  if (outcome.kind === 'refused') throw outcome.error;
  if (outcome.kind === 'voided') throw new Error('A single assignment cannot be voided.');
  const { seat, pool } = outcome;
  ctx.changes.announce(seat.id);
  return withInvitationLink(ctx, seat, pool.organization);
}
