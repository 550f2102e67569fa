import type { KnownActor } from '../../auth/access.ts';
import { FeatureNotEnabled, ResourceNotFound } from '../../domain/errors.ts';
import { SPENT_INVITATION } from '../invitation-token.ts';
import { holderOf, type SeatHolder, type SeatView } from '../view.ts';
import type { SeatChanges } from './changes.ts';
import { hasMemberModel, requireSeatFeature } from './pool.ts';
import { requireSeat, type SeatFacts } from './seat.ts';

/** The outcome of a revocation. The holder is null if the seat was already revoked. */
export type RevocationOutcome =
  | { kind: 'revoked'; seat: SeatView; formerHolder: SeatHolder | null }
  | { kind: 'refused'; error: ResourceNotFound | FeatureNotEnabled }
  /** Valid, in a batch that changed nothing because another seat was refused. */
  | { kind: 'voided' };

/** Returns the outcomes of a batch that changes nothing. */
export function voidRevocations(outcomes: readonly RevocationOutcome[]): RevocationOutcome[] {
  return outcomes.map(outcome => (outcome.kind === 'revoked' ? { kind: 'voided' } : outcome));
}

/** Decides on seats in order. A repeated id finds its seat already revoked. */
export function decideRevocations(
  actor: KnownActor,
  seatIds: readonly string[],
  all: ReadonlyMap<string, SeatFacts>,
  now: Date,
): RevocationOutcome[] {
  const current = new Map(all);
  return seatIds.map(id => {
    try {
      const facts = requireSeat(actor, current.get(id));
      const seat = decideRevocation(actor, facts, now);
      if (seat === undefined) return { kind: 'revoked', seat: facts.seat, formerHolder: null };
      current.set(id, { ...facts, seat: { ...seat, member: null, customer: null } });
      const hasMembers = hasMemberModel(facts.pool.organization);
      return { kind: 'revoked', seat, formerHolder: holderOf(facts.seat, { hasMembers }) };
    } catch (error) {
      if (error instanceof ResourceNotFound || error instanceof FeatureNotEnabled) {
        return { kind: 'refused', error };
      }
      throw error;
    }
  });
}

/**
 * Decides to revoke a seat: returns the seat as it is to be, or undefined if it is already revoked. Throws
 * FeatureNotEnabled; the reference shows a customer its revoked seat no matter what the organization has switched off since.
 */
export function decideRevocation(
  actor: KnownActor,
  { seat, pool }: SeatFacts,
  now: Date,
): SeatView | undefined {
  const isRevoked = seat.status === 'revoked';
  if (isRevoked && 'customerId' in actor) return undefined;
  requireSeatFeature(pool.organization);
  return isRevoked ? undefined : revoked(seat, now);
}

/**
 * Returns a seat after its revocation. The answer and the event still show the former member, although the row loses the id.
 */
export function revoked(seat: SeatView, now: Date): SeatView {
  return {
    ...seat,
    status: 'revoked',
    revokedAt: now,
    modifiedAt: now,
    customerId: null,
    memberId: null,
    email: null,
    ...SPENT_INVITATION,
  };
}

/** Each member who loses a claimed seat, once. */
export function formerHolders(seats: readonly SeatView[]): SeatChanges['formerHolders'] {
  const holders = new Map<string, SeatChanges['formerHolders'][number]>();
  for (const { organizationId, memberId, status } of seats) {
    if (status === 'claimed' && memberId !== null)
      holders.set(memberId, { organizationId, memberId });
  }
  return [...holders.values()];
}
