import { type Db, Prisma } from '../db/client.ts';
import { KEPT_MS } from '../idempotency/keyed-sql.ts';
import type { Job } from './job.ts';

const POLL_MS = 10 * 60_000;
const BATCH = 500;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Returns the job that deletes expired sessions, outcomes of idempotency keys, and access tokens that expired `retentionDays` ago. Until then, expired tokens
 * are listed. A revoked token is kept until it expires, because an import would create it again if its row were missing.
 */
export function createExpiryJob(options: { db: Db; now: () => Date; retentionDays: number }): Job {
  const { db, now, retentionDays } = options;
  return {
    name: 'expired',
    pollMs: POLL_MS,
    isUrgent: false,
    async run() {
      const at = now();
      const before = new Date(at.getTime() - retentionDays * DAY_MS);
      const deleted = [
        await deleteExpired(db, 'customerSessions', at),
        await deleteExpired(db, 'memberSessions', at),
        await deleteExpired(db, 'accessTokens', before),
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
  accessTokens: Prisma.raw('access_tokens'),
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
