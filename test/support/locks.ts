import { expect } from 'vitest';
import type { Db } from '../../src/db/client.ts';

/** Resolves once `count` statements on the database wait for a lock. */
export async function untilWaiting({ db }: { db: Db }, count = 1): Promise<void> {
  const waiting = () => db.$queryRaw`
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(count);
}

/** Ends the database sessions that wait for a lock, as a restart of PostgreSQL would. Call it once they wait. */
export async function endWaiting({ db }: { db: Db }): Promise<void> {
  await db.$queryRaw`
    SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`;
}
