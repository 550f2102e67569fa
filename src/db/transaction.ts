import type { Db, Tx } from './client.ts';

const LIMITS = { maxWait: 10_000, timeout: 15_000 } as const;

/**
 * Runs `work` in one READ COMMITTED transaction: all of it happens, or, when it throws, none of it.
 * Waits at most 10 s for a connection and runs at most 15 s. Only `tx` may be used inside, one query after another.
 */
export function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.$transaction(work, LIMITS);
}
