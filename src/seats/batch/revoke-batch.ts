import type { Ctx } from '../../context.ts';
import type { FeatureNotEnabled, ResourceNotFound } from '../../domain/errors.ts';
import { previewRevokeSeats, type RevokedSeat, revokeSeats } from '../revoke.ts';
import type { RevocationOutcome } from '../rules/revoke.ts';
import { poolOfSeat, type SeatPool } from '../source.ts';
import { type BatchMode, ItemNotAttempted, requireBatchSize } from './items.ts';

/** Up to 1,000 seats of any pools. */
export interface RevokeBatch {
  seatIds: readonly string[];
  mode: BatchMode;
}

/** The result of a batch. */
export interface RevokedBatch {
  /** Whether seats were revoked. */
  isCommitted: boolean;
  /** One result per id, in order. */
  results: (RevokedSeat | ResourceNotFound | FeatureNotEnabled | ItemNotAttempted)[];
  /** The number of seats that this batch revoked, without those that were already revoked. */
  revokedCount: number;
  refusedCount: number;
  /** The pools that have more free seats now. */
  pools: SeatPool[];
}

/**
 * Revokes seats in one transaction, by the rules of `revokeSeat`, and returns one result per seat. In `all-or-nothing`,
 * nothing changes if one seat is refused. Throws Unauthenticated, NotPermitted, and InvalidInput for no or too many ids.
 */
export async function revokeBatch(ctx: Ctx, { seatIds, mode }: RevokeBatch): Promise<RevokedBatch> {
  requireBatchSize('seatIds', seatIds);
  return resultOf(await revokeSeats(ctx, seatIds, mode));
}

/** What `revokeBatch` would do. */
export interface RevokeBatchPreview
  extends Pick<RevokedBatch, 'results' | 'revokedCount' | 'refusedCount'> {
  wouldCommit: boolean;
}

/** Returns what `revokeBatch` would do now, and throws what it would throw. Changes and locks nothing. */
export async function previewRevokeBatch(
  ctx: Ctx,
  { seatIds, mode }: RevokeBatch,
): Promise<RevokeBatchPreview> {
  requireBatchSize('seatIds', seatIds);
  const outcomes = await previewRevokeSeats(ctx, seatIds, mode);
  const { isCommitted: wouldCommit, pools: _, ...result } = resultOf(outcomes);
  return { ...result, wouldCommit };
}

function resultOf(outcomes: readonly RevocationOutcome[]): RevokedBatch {
  const freed = outcomes.flatMap(outcome =>
    outcome.kind === 'revoked' && outcome.formerHolder !== null ? [outcome.seat] : [],
  );
  const pools = freed.map(poolOfSeat);
  return {
    isCommitted: freed.length > 0,
    results: outcomes.map((outcome, index) => {
      if (outcome.kind === 'refused') return outcome.error;
      return outcome.kind === 'voided' ? new ItemNotAttempted(index) : outcome;
    }),
    revokedCount: freed.length,
    refusedCount: outcomes.filter(({ kind }) => kind === 'refused').length,
    pools: [...new Map(pools.map(pool => [pool.id, pool])).values()],
  };
}
