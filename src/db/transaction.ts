import type { Db, Tx } from './client.ts';
import { isDeadlock } from './constraints.ts';

const LIMITS = { isolationLevel: 'ReadCommitted', maxWait: 5_000, timeout: 15_000 } as const;
const ATTEMPTS = 3;

/**
 * Runs `work` in one READ COMMITTED transaction: all of it happens, or, when it throws, none of it.
 * Waits at most 5 s for a connection and runs at most 15 s. Only `tx` may be used inside, one query after another.
 * After a deadlock, which an import of the same rows can bring about, `work` is run again, twice at the most.
 */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.$transaction(work, LIMITS);
    } catch (error) {
      if (attempt === ATTEMPTS || !isDeadlock(error)) throw error;
    }
  }
}
