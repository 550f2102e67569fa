import type { KnownActor } from '../../auth/access.ts';
import type { RecordedActor } from '../../auth/recorded-actor.ts';
import { ResourceNotFound, SeatNotLive } from '../../domain/errors.ts';
import type { SeatRecipientInput } from '../inputs.ts';
import { holderOf, type SeatHolder, type SeatView } from '../view.ts';
import { collect, type DecisionContext, decideHolder, giveSeat } from './assign.ts';
import type { AssignmentFacts, AssignmentPool } from './assignment.ts';
import { noChanges, type SeatChanges } from './changes.ts';
import { hasMemberModel, requireOpenPool } from './pool.ts';
import { formerHolders, revoked } from './revoke.ts';
import { requireSeat, type SeatFacts } from './seat.ts';

/** A request to give a live seat to somebody else. */
export interface TransferInput {
  seatId: string;
  recipient: SeatRecipientInput;
  /** Data to store with the seat; undefined to keep the present data. */
  metadata: Record<string, unknown> | undefined;
  /** Claims the seat immediately, without an invitation. */
  immediateClaim: boolean;
}

/** What a transfer changes. */
export interface TransferDecision {
  pool: AssignmentPool;
  seat: SeatView;
  formerHolder: SeatHolder;
  changes: SeatChanges;
}

/**
 * Decides to give a live seat to somebody else. The row stays, so the pool may be full and nobody can take the seat in
 * between. The events are those of a revocation and an assignment. Throws ResourceNotFound, what `requireOpenPool` throws,
 * SeatNotLive, and what `decideHolder` throws; the present holder already has a seat.
 */
export function decideTransfer(
  { actor, by, input }: { actor: KnownActor; by: RecordedActor; input: TransferInput },
  facts: { seat: SeatFacts | undefined; recipient: AssignmentFacts },
  context: DecisionContext,
): TransferDecision {
  const { seat } = requireSeat(actor, facts.seat);
  const { pool } = facts.recipient;
  if (pool === null) throw new ResourceNotFound('Seat not found');
  requireOpenPool(pool);
  if (seat.status === 'revoked') throw new SeatNotLive();
  const holder = decideHolder(actor, pool, input.recipient, facts.recipient, context);
  const { immediateClaim, metadata = seat.metadata as Record<string, unknown> } = input;
  const given = giveSeat(pool, holder, { metadata, immediateClaim }, seat, context);
  const changes = noChanges();
  changes.events.push({ type: 'customer_seat.revoked', seat: revoked(seat, context.now), by });
  collect(changes, { pool, ...given, ...holder.made }, by);
  changes.formerHolders = formerHolders([seat]);
  const hasMembers = hasMemberModel(pool.organization);
  return { pool, seat: given.seat, formerHolder: holderOf(seat, { hasMembers }), changes };
}
