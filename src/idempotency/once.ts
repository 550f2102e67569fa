import { createHash } from 'node:crypto';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import { InvalidInput } from '../domain/errors.ts';
import { createAssignments } from '../seats/store/assignments.ts';
import { readSeatFacts, seatQueries } from '../seats/store/seat-facts.ts';
import { keyedSql } from './keyed-sql.ts';
import { fromStored, seatIdsOf } from './outcome.ts';

/** A request that a client may send again. */
export interface OnceRequest {
  /** The verb, as the API names it. */
  operation: string;
  /** The key that the client chose: 1 to 255 visible ASCII characters; none, to carry the request out each time. */
  key: string | null | undefined;
  /** All that the request says, as JSON. */
  input: unknown;
}

/** The result of a verb, and whether it is that of an earlier request with the key. */
export interface Once<Result> {
  result: Result;
  isReplay: boolean;
}

const KEY = /^[!-~]{1,255}$/;

/** Whether a text can be an idempotency key. */
export function isIdempotencyKey(key: string): boolean {
  return KEY.test(key);
}

/**
 * Carries out a verb of seats once for a key of a caller. For 24 hours, another request with the key returns or throws the
 * same outcome, with seats as they are now. The outcome is kept in the transaction of the verb, so a crash leaves both or
 * neither.
 *
 * Throws what the verb throws; InvalidInput for a malformed key, IdempotencyKeyReused for a key that came with another input,
 * and IdempotencyInProgress for one whose first request takes longer than 3 seconds.
 */
export async function once<Result>(
  ctx: Ctx,
  { operation, key, input }: OnceRequest,
  verb: (ctx: Ctx) => Promise<Result>,
): Promise<Once<Result>> {
  const { actor } = ctx;
  // A caller without a token is refused by the verb.
  if (key === null || key === undefined || actor.kind === 'anonymous') {
    return { result: await verb(ctx), isReplay: false };
  }
  if (!isIdempotencyKey(key)) {
    const message = 'Use 1 to 255 visible ASCII characters.';
    throw new InvalidInput([{ path: ['idempotencyKey'], code: 'TEXT', message }]);
  }
  let isReplay = false;
  const { id: callerId } = recordActor(actor, ctx.channel);
  const scopeId = actor.kind === 'user' ? actor.userId : actor.organizationId;
  const request = {
    scopeId,
    // Only usher itself has no id.
    callerId: callerId ?? scopeId,
    operation: `${ctx.channel} ${operation}`,
    key,
    inputHash: hashOf(input),
  };
  const sql = keyedSql(ctx.sql, request, {
    now: ctx.now,
    async replay(outcome) {
      isReplay = true;
      const ids = seatIdsOf(outcome);
      const [query] = seatQueries(actor, ids, 'none');
      const rows = query ? await ctx.sql.rows<object>(query.statement, query.values) : [];
      const facts = readSeatFacts([rows]);
      return fromStored(outcome, new Map([...facts].map(([id, { seat }]) => [id, seat])));
    },
  });
  const { assignMany, preview } = createAssignments(sql, ctx);
  const assignments: Ctx['assignments'] = {
    assignMany,
    preview,
    // Alone, since the outcome of others is not the key's.
    async assign(single) {
      const [outcome] = await assignMany([single], 'best-effort');
      if (outcome === undefined) throw new Error('An assignment has no outcome.');
      return outcome;
    },
  };
  const result = await verb({ ...ctx, sql, assignments });
  return { result, isReplay };
}

/** SHA-256 of an input, whatever the order of its keys. */
function hashOf(input: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(sorted(input)) ?? '')
    .digest();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]),
  );
}
