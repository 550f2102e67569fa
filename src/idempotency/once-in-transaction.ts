import type { Ctx } from '../context.ts';
import type { Db, Tx } from '../db/client.ts';
import { isLockTimeout } from '../db/constraints.ts';
import type { Query } from '../db/sql.ts';
import { transaction } from '../db/transaction.ts';
import { IdempotencyInProgress, UserError } from '../domain/errors.ts';
import { isOutcome, keep, lock, outcomeOf, read } from './keyed-sql.ts';
import { inLane } from './lanes.ts';
import { fromStored } from './outcome.ts';
import { keyedRequestOf, type OnceRequest } from './request.ts';

/** How the result of a verb is kept: as ids and values, from which its current state is read again. */
export interface Kept<Result, Stored> {
  /** Throws unless the caller may use the verb. */
  authorize(ctx: Ctx): void;
  store(result: Result): Stored;
  restore(ctx: Ctx, stored: Stored): Promise<Result>;
}

/**
 * Does what `once` does, for a verb that writes with Prisma: runs it in one transaction together with its key. Throws what
 * `once` throws.
 */
export async function onceInTransaction<Result, Stored extends object>(
  ctx: Ctx,
  once: OnceRequest,
  kept: Kept<Result, Stored>,
  verb: (ctx: Ctx) => Promise<Result>,
): Promise<Result> {
  const request = keyedRequestOf(ctx, once);
  if (request === undefined) return await verb(ctx);
  kept.authorize(ctx);
  const { later, tell } = postponed(ctx);
  const made = await inLane(ctx, request, () =>
    transaction(ctx.db, async tx => {
      await run(tx, lock(request)).catch(error => {
        throw isLockTimeout(error) ? new IdempotencyInProgress() : error;
      });
      const found = outcomeOf(request, await rowsOf(tx, read(request, ctx.now())));
      if (found !== undefined) return { kind: 'kept' as const, ...found };
      try {
        const result = await withSavepoint(tx, () => verb({ ...ctx, ...later, db: within(tx) }));
        await run(tx, keep(request, ctx.now(), kept.store(result)));
        return { kind: 'done' as const, result };
      } catch (error) {
        if (!isOutcome(error)) throw error;
        await run(tx, keep(request, ctx.now(), error));
        return { kind: 'refused' as const, error };
      }
    }),
  );
  if (made.kind === 'refused') throw made.error;
  if (made.kind === 'done') {
    tell();
    return made.result;
  }
  const outcome = fromStored(made.outcome, NOTHING);
  if (outcome instanceof UserError) throw outcome;
  return await kept.restore(ctx, outcome as Stored);
}

/** Outcomes here refer to rows by their own keys, not by seats and pools. */
const NOTHING = { seats: new Map(), pools: new Map() };

/** Delays what a verb tells other processes and its caches until the transaction has ended. */
function postponed({ changes, actors }: Ctx) {
  const calls: (() => void)[] = [];
  const later: Pick<Ctx, 'changes' | 'actors'> = {
    changes: {
      ...changes,
      announce: (...args) => void calls.push(() => changes.announce(...args)),
    },
    actors: {
      forgetMembers: (...args) => void calls.push(() => actors.forgetMembers(...args)),
      forgetUser: (...args) => void calls.push(() => actors.forgetUser(...args)),
    },
  };
  return { later, tell: () => void calls.forEach(call => void call()) };
}

/** The database as a verb sees it within a transaction. The verb's own transaction becomes a savepoint. */
function within(tx: Tx): Db {
  return new Proxy(tx, {
    get(target, name) {
      if (name !== '$transaction') return Reflect.get(target, name);
      return (work: (tx: Tx) => Promise<unknown>) => withSavepoint(tx, () => work(tx));
    },
  }) as unknown as Db;
}

/** Rolls back to a savepoint after a failure, so that the transaction can continue. */
async function withSavepoint<Result>(tx: Tx, work: () => Promise<Result>): Promise<Result> {
  await tx.$executeRaw`SAVEPOINT verb`;
  try {
    const result = await work();
    await tx.$executeRaw`RELEASE SAVEPOINT verb`;
    return result;
  } catch (error) {
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT verb`;
    throw error;
  }
}

async function run(tx: Tx, { statement, values }: Query): Promise<void> {
  await tx.$executeRawUnsafe(statement.text, ...values);
}

async function rowsOf(tx: Tx, { statement, values }: Query): Promise<object[]> {
  return await tx.$queryRawUnsafe<object[]>(statement.text, ...values);
}
