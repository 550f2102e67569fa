import type { Ctx } from '../context.ts';
import type { UserError } from '../domain/errors.ts';
import type { AssignedBatch } from '../seats/batch/assign-batch.ts';
import { ItemNotAttempted } from '../seats/batch/items.ts';
import type { RevokedBatch } from '../seats/batch/revoke-batch.ts';
import type { SeatPool } from '../seats/source.ts';
import { representSeat } from '../seats/view.ts';
import { errorBody } from './errors.ts';
import { UnreadableItem } from './parse-batch.ts';
import { representInvited } from './represent-invited.ts';
import type { RequestValidationError } from './validation.ts';

/** Returns the answer to a batch of assignments, with the seats that the pool has after it. */
export async function representAssigned(ctx: Ctx, batch: AssignedBatch) {
  return {
    is_committed: batch.isCommitted,
    assigned_count: batch.assignedCount,
    refused_count: batch.refusedCount,
    results: batch.results.map(result =>
      'seat' in result && !(result instanceof Error)
        ? { status: 'assigned', seat: representInvited(result.seat) }
        : representOther(result),
    ),
    ...(await seatCounts(ctx, batch.pool)),
  };
}

/** Returns the answer to a batch of revocations, with the seats that each changed pool has after it. */
export async function representRevoked(
  ctx: Ctx,
  batch: RevokedBatch,
  unreadable: ReadonlyMap<number, RequestValidationError>,
) {
  return {
    is_committed: batch.isCommitted,
    revoked_count: batch.revokedCount,
    refused_count: batch.refusedCount,
    results: batch.results.map((result, index) =>
      'formerHolder' in result
        ? { status: 'revoked', seat: representSeat(result.seat) }
        : representOther(unreadable.get(index) ?? result),
    ),
    pools: await Promise.all(
      batch.pools.map(async pool => ({
        subscription_id: pool.kind === 'subscription' ? pool.id : null,
        order_id: pool.kind === 'order' ? pool.id : null,
        ...(await seatCounts(ctx, pool)),
      })),
    ),
  };
}

function representOther(result: UserError | RequestValidationError | ItemNotAttempted) {
  if (result instanceof ItemNotAttempted) return { status: 'not_attempted' };
  return {
    status: 'refused',
    ...errorBody(result instanceof UnreadableItem ? result.cause : result),
  };
}

/** Returns how many seats a pool has, in the keys of the vendors' list. */
async function seatCounts(ctx: Ctx, { kind, organizationId, id }: SeatPool) {
  const { available, total } = await ctx.seats.usage({ of: kind, organizationId, id }, ctx.now());
  return { available_seats: available, total_seats: total };
}
