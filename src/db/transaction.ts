import type { Db, Tx } from './client.ts';
import { DatabaseBusy, isBusy, isDeadlock, violatedConstraint } from './constraints.ts';

const LIMITS = { isolationLevel: 'ReadCommitted', maxWait: 5_000, timeout: 15_000 } as const;
const ATTEMPTS = 3;

/**
 * Runs `work` in a READ COMMITTED transaction, and rolls back if it throws. Waits at most 5 s for a connection and runs at
 * most 15 s, or as long as `timeout` says. `work` must use only `tx`, one query after another.
 * Retries `work` twice after a deadlock, which a concurrent import can cause.
 * Throws DatabaseBusy for a temporary failure, or if it is unknown whether the commit succeeded.
 */
export async function transaction<T>(
  db: Db,
  work: (tx: Tx) => Promise<T>,
  { timeout = LIMITS.timeout }: { timeout?: number } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let isCommitting = false;
    try {
      return await db.$transaction(
        async tx => {
          const result = await work(tx);
          isCommitting = true;
          return result;
        },
        { ...LIMITS, timeout },
      );
    } catch (error) {
      if (attempt < ATTEMPTS && isDeadlock(error)) continue;
      throw explain(error, isCommitting);
    }
  }
}

function explain(error: unknown, isCommitting: boolean): unknown {
  if (isCommitting && violatedConstraint(error) === undefined && !isDeadlock(error)) {
    return new DatabaseBusy('unknown', { cause: error });
  }
  return isBusy(error) ? new DatabaseBusy('undone', { cause: error }) : error;
}
