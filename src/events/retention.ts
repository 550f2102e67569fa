import { type Db, Prisma } from '../db/client.ts';
import type { Job } from './job.ts';
import { isPastTime, RETENTION_RULES, type Retention } from './retention-rules.ts';

const POLL_MS = 10 * 60_000;
const BATCH = 500;

/** Returns the job that deletes rows past their time, each table in batches of 500. */
export function createRetentionJob(options: {
  db: Db;
  now: () => Date;
  retention: Retention;
}): Job {
  const { db, now, retention } = options;
  return {
    name: 'retention',
    pollMs: POLL_MS,
    isUrgent: false,
    async run(stop) {
      let mayBeMore = false;
      for (const statement of retentionStatements(retention, now())) {
        if (stop.aborted) break;
        mayBeMore = (await db.$executeRaw(statement)) === BATCH || mayBeMore;
      }
      return mayBeMore;
    },
  };
}

/**
 * Returns the statements that each delete at most one batch of rows past their time, the oldest first. They skip locked
 * rows.
 */
export function retentionStatements(retention: Retention, now: Date): Prisma.Sql[] {
  return RETENTION_RULES.flatMap(rule => {
    const condition = isPastTime(rule, retention, now);
    if (condition === undefined) return [];
    const table = Prisma.raw(rule.table);
    // A row is found by its ctid, so that no plan reads the whole table.
    return Prisma.sql`
      DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${table} AS row
         WHERE ${condition}
         ORDER BY ${Prisma.raw(rule.since)}
         LIMIT ${BATCH}
           FOR UPDATE SKIP LOCKED))`;
  });
}
