import type { KnownActor } from '../auth/access.ts';
import type { Ctx } from '../context.ts';
import { createAssignments } from '../seats/store/assignments.ts';
import { lookAtSeats } from '../seats/store/seat-facts.ts';
import { keyedSql } from './keyed-sql.ts';
import { inLane } from './lanes.ts';
import { fromStored, type Referents, referencesOf } from './outcome.ts';
import { keyedRequestOf, type OnceRequest } from './request.ts';

/** The result of a verb, and whether it comes from an earlier request with the key. */
export interface Once<Result> {
  result: Result;
  isReplay: boolean;
}

/**
 * Runs a verb of seats once for a caller's key. For 24 hours, another request with the key returns or throws the same
 * outcome, with seats as they are now. The outcome is kept in the transaction of the verb, so a crash leaves both or
 * neither.
 *
 * Throws what the verb throws; InvalidInput for a malformed key, IdempotencyKeyReused for a key that came with another
 * input, and IdempotencyInProgress if the first request with the key takes longer than 3 seconds.
 */
export async function once<Result>(
  ctx: Ctx,
  once: OnceRequest,
  verb: (ctx: Ctx) => Promise<Result>,
): Promise<Once<Result>> {
  const { actor } = ctx;
  const request = keyedRequestOf(ctx, once);
  // The verb refuses a caller without a token.
  if (request === undefined || actor.kind === 'anonymous') {
    return { result: await verb(ctx), isReplay: false };
  }
  let isReplay = false;
  const sql = keyedSql(ctx.sql, request, {
    now: ctx.now,
    async replay(outcome) {
      isReplay = true;
      return fromStored(outcome, await referentsOf(ctx, actor, outcome));
    },
  });
  const { assignMany, preview } = createAssignments(sql, ctx);
  const assignments: Ctx['assignments'] = {
    assignMany,
    preview,
    // Not batched with other requests, whose outcomes do not belong to the key.
    async assign(single) {
      const [outcome] = await assignMany([single], 'best-effort');
      if (outcome === undefined) throw new Error('An assignment has no outcome.');
      return outcome;
    },
  };
  const result = await inLane(ctx, request, () => verb({ ...ctx, sql, assignments }));
  return { result, isReplay };
}

/** Reads what an outcome refers to, under the tenant rule. */
async function referentsOf(ctx: Ctx, actor: KnownActor, outcome: unknown): Promise<Referents> {
  const { seatIds, pools } = referencesOf(outcome);
  const facts = await lookAtSeats(ctx.sql, actor, seatIds);
  const sources = await Promise.all(
    pools.map(({ kind, id }) => ctx.seats.sourceOf(actor, kind, id)),
  );
  return {
    seats: new Map([...facts].map(([id, { seat }]) => [id, seat])),
    pools: new Map(sources.flatMap(source => (source ? [[source.id, source] as const] : []))),
  };
}
