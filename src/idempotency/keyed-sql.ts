import { createHash } from 'node:crypto';
import { DatabaseBusy, isLockTimeout } from '../db/constraints.ts';
import type { Decided, Query, Sql, Statement } from '../db/sql.ts';
import {
  IdempotencyInProgress,
  IdempotencyKeyReused,
  RateLimited,
  UserError,
} from '../domain/errors.ts';
import { toStored } from './outcome.ts';

/** How long an outcome is kept. */
export const KEPT_MS = 24 * 60 * 60_000;

/** Identifies a request with a key. */
export interface KeyedRequest {
  scopeId: string;
  callerId: string;
  /** The API and the verb. */
  operation: string;
  key: string;
  /** SHA-256 of the input. */
  inputHash: Buffer;
  /** Whether the request is about something that is not known yet. Its outcome is then not kept. */
  isUnknown?: boolean;
}

const LOCK: Statement = {
  name: 'lock_idempotency_key',
  text: 'SELECT pg_advisory_xact_lock($1::bigint)',
};

const READ: Statement = {
  name: 'read_idempotency_key',
  text: `
    SELECT input_hash AS "inputHash", outcome FROM idempotency_keys
     WHERE scope_id = $1::uuid AND caller_id = $2::uuid AND operation = $3::text AND key = $4::text
       AND created_at > $5::timestamptz`,
};

// The row of an expired key may still exist.
const KEEP: Statement = {
  name: 'keep_idempotency_key',
  text: `
    INSERT INTO idempotency_keys (scope_id, caller_id, operation, key, created_at, input_hash, outcome)
    VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::timestamptz, $6::bytea, $7::json)
    ON CONFLICT (scope_id, caller_id, operation, key)
    DO UPDATE SET created_at = excluded.created_at, input_hash = excluded.input_hash, outcome = excluded.outcome`,
};

/** What happened to a decision: it was made now, it was refused now, or its outcome was kept earlier. */
type Made<Result> =
  | { kind: 'decided'; result: Result }
  | { kind: 'refused'; error: UserError }
  | { kind: 'kept'; outcome: unknown };

/**
 * Returns SQL that decides once per key: `lookAndWrite` keeps the outcome of `decide` in the same transaction, and later
 * returns or throws it again without deciding. A second request waits for the first.
 *
 * `lookAndWrite` throws IdempotencyKeyReused for another input, and IdempotencyInProgress if the first request takes longer
 * than the lock timeout.
 */
export function keyedSql(
  sql: Sql,
  request: KeyedRequest,
  { now, replay }: { now: () => Date; replay: (outcome: unknown) => Promise<unknown> },
): Sql {
  return {
    ...sql,
    async lookAndWrite<Result>(...[reads, decide]: Parameters<typeof sql.lookAndWrite<Result>>) {
      const made = await sql
        .lookAndWrite<Made<Result>>(
          [lock(request), read(request, now()), ...reads],
          ([, kept, ...looked]) => {
            const found = outcomeOf(request, kept ?? []);
            if (found !== undefined)
              return { write: undefined, result: { kind: 'kept', ...found } };
            const { write = [], result } = decideOrRefuse(() => decide(looked));
            const outcome = result.kind === 'decided' ? result.result : result.error;
            const outcomes = request.isUnknown ? [] : [keep(request, now(), outcome)];
            return { write: [...[write].flat(), ...outcomes], result };
          },
        )
        .catch(explain);
      switch (made.kind) {
        case 'decided':
          return made.result;
        case 'refused':
          throw made.error;
        case 'kept': {
          const result = await replay(made.outcome);
          if (result instanceof UserError) throw result;
          return result as Result;
        }
      }
    },
  };
}

/** Turns a refusal into a result, because a thrown error would roll back the transaction. */
function decideOrRefuse<Result>(
  decide: () => Decided<Result>,
): Decided<Exclude<Made<Result>, { kind: 'kept' }>> {
  try {
    const { write, result } = decide();
    return { write, result: { kind: 'decided', result } };
  } catch (error) {
    if (!isOutcome(error)) throw error;
    return { write: undefined, result: { kind: 'refused', error } };
  }
}

/** Whether an error is the outcome of its request and is kept. A rate limit is not, because it passes. */
export function isOutcome(error: unknown): error is UserError {
  return error instanceof UserError && !(error instanceof RateLimited);
}

const identityOf = ({ scopeId, callerId, operation, key }: KeyedRequest) => [
  scopeId,
  callerId,
  operation,
  key,
];

/** Returns the outcome that `read` found; undefined if there is none. Throws IdempotencyKeyReused for another input. */
export function outcomeOf(
  { inputHash }: KeyedRequest,
  rows: readonly object[],
): { outcome: unknown } | undefined {
  const [row] = rows as readonly { inputHash: Uint8Array; outcome: unknown }[];
  if (row === undefined) return undefined;
  if (!inputHash.equals(row.inputHash)) throw new IdempotencyKeyReused();
  return { outcome: row.outcome };
}

/** Locks the key until the transaction ends. */
export function lock(request: KeyedRequest): Query {
  const hash = createHash('sha256')
    .update(JSON.stringify(identityOf(request)))
    .digest();
  return { statement: LOCK, values: [hash.readBigInt64BE()] };
}

/** Reads the outcome that is kept for the key, if any. */
export function read(request: KeyedRequest, now: Date): Query {
  const since = new Date(now.getTime() - KEPT_MS);
  return { statement: READ, values: [...identityOf(request), since] };
}

/** Keeps the outcome of a request. */
export function keep(request: KeyedRequest, now: Date, outcome: unknown): Query {
  const json = JSON.stringify(toStored(outcome));
  return { statement: KEEP, values: [...identityOf(request), now, request.inputHash, json] };
}

/**
 * Throws IdempotencyInProgress if the lock of the key timed out while the first request was in progress; otherwise rethrows
 * the error.
 */
function explain(error: unknown): never {
  // The statement that locks a pool has another name.
  const { cause } = error instanceof DatabaseBusy ? error : {};
  const { statement } = (cause ?? {}) as { statement?: string };
  if (statement === LOCK.name && isLockTimeout(cause)) throw new IdempotencyInProgress();
  throw error;
}
