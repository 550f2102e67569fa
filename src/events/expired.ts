import { type Db, Prisma } from '../db/client.ts';
import { KEPT_MS } from '../idempotency/keyed-sql.ts';
import type { Job } from './job.ts';

const POLL_MS = 10 * 60_000;
const BATCH = 500;

/** Returns the job that deletes what is of no use once it has expired: sessions, and outcomes of idempotency keys. */
export function createExpiryJob({ db, now }: { db: Db; now: () => Date }): Job {
  return {
    name: 'expired',
    pollMs: POLL_MS,
    isUrgent: false,
    async run() {
      const at = now();
      const deleted = [
        await deleteExpired(db, 'customerSessions', at),
        await deleteExpired(db, 'memberSessions', at),
        await deleteOutcomes(db, new Date(at.getTime() - KEPT_MS)),
      ];
      return deleted.includes(BATCH);
    },
  };
}

/** Deletes at most one batch of outcomes that were kept before then, and returns their number. */
async function deleteOutcomes(db: Db, before: Date): Promise<number> {
  return await db.$executeRaw`
    WITH expired AS MATERIALIZED (
      SELECT scope_id, caller_id, operation, key FROM idempotency_keys
       WHERE created_at < ${before}
       ORDER BY created_at
       LIMIT ${BATCH}
         FOR UPDATE SKIP LOCKED
    )
    DELETE FROM idempotency_keys AS old USING expired
     WHERE (old.scope_id, old.caller_id, old.operation, old.key)
         = (expired.scope_id, expired.caller_id, expired.operation, expired.key)`;
}

const TABLES = {
  customerSessions: Prisma.raw('customer_sessions'),
  memberSessions: Prisma.raw('member_sessions'),
} as const;

/** Deletes at most one batch of expired rows and returns their number. Skips locked rows. */
async function deleteExpired(db: Db, table: keyof typeof TABLES, before: Date): Promise<number> {
  return await db.$executeRaw`
    WITH expired AS MATERIALIZED (
      SELECT token_hash FROM ${TABLES[table]}
       WHERE expires_at < ${before}
       ORDER BY expires_at
       LIMIT ${BATCH}
         FOR UPDATE SKIP LOCKED
    )
    DELETE FROM ${TABLES[table]} AS old USING expired
     WHERE old.token_hash = expired.token_hash`;
}
