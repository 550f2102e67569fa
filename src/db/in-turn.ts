import type { Db } from './client.ts';

const queues = new WeakMap<Db, Map<string, Promise<unknown>>>();

/**
 * Runs the work for each key one at a time within this process. Work that would wait for the same database lock anyway then
 * holds no connection while it waits.
 */
export async function inTurn<Result>(
  db: Db,
  key: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const queue = queues.get(db) ?? new Map<string, Promise<unknown>>();
  queues.set(db, queue);
  const turn = (queue.get(key) ?? Promise.resolve()).then(work, work);
  queue.set(key, turn);
  try {
    return await turn;
  } finally {
    if (queue.get(key) === turn) queue.delete(key);
  }
}
