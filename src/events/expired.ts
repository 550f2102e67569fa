import { type Db, Prisma } from '../db/client.ts';
import type { Job } from './job.ts';

const POLL_MS = 10 * 60_000;
const BATCH = 500;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Deletes expired sessions, and access tokens that expired so many days ago: until then they are listed. A revoked token
 * stays until it expires, since an import would bring it back without its row.
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
      const removed = [
        await removeExpired(db, 'customerSessions', at),
        await removeExpired(db, 'memberSessions', at),
        await removeExpired(db, 'accessTokens', before),
      ];
      return removed.includes(BATCH);
    },
  };
}

const TABLES = {
  customerSessions: Prisma.raw('customer_sessions'),
  memberSessions: Prisma.raw('member_sessions'),
  accessTokens: Prisma.raw('access_tokens'),
} as const;

/** At most one batch, and none of what somebody else holds. */
async function removeExpired(db: Db, table: keyof typeof TABLES, before: Date): Promise<number> {
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
