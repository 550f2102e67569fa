import { type Db, Prisma } from '../db/client.ts';
import type { Job } from './job.ts';

const POLL_MS = 10 * 60_000;
const BATCH = 500;
const DAY_MS = 24 * 60 * 60_000;

/** How many days rows are kept; 0 is for ever. */
export interface Retention {
  /** Of an archived event, since it was archived. */
  archiveDays: number;
  /** Of an audit event. */
  auditDays: number;
  /** Of a removed member and a deleted webhook endpoint, since then. */
  deletedDays: number;
  /** Of a mail that is finished or cannot be sent any more, since it was requested. */
  mailDays: number;
  /** Of an access token, since it expired. */
  tokenDays: number;
}

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

/** Returns the statements that each delete at most one batch of rows past their time, the oldest first. They skip locked rows. */
export function retentionStatements(retention: Retention, now: Date): Prisma.Sql[] {
  return RULES.flatMap(({ days, table, when, order }) => {
    if (retention[days] === 0) return [];
    const before = new Date(now.getTime() - retention[days] * DAY_MS);
    // By its place a row is found without a plan that could read the whole table.
    return Prisma.sql`
      DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${table} AS row
         WHERE ${when(before, now)}
         ORDER BY ${order}
         LIMIT ${BATCH}
           FOR UPDATE SKIP LOCKED))`;
  });
}

interface Rule {
  days: keyof Retention;
  table: Prisma.Sql;
  /** The condition on `row`. */
  when: (before: Date, now: Date) => Prisma.Sql;
  /** The column whose index finds the oldest rows. */
  order: Prisma.Sql;
}

const RULES: readonly Rule[] = [
  {
    days: 'archiveDays',
    table: Prisma.sql`archived_events`,
    when: before => Prisma.sql`archived_at < ${before}`,
    order: Prisma.sql`archived_at`,
  },
  {
    days: 'auditDays',
    table: Prisma.sql`audit_events`,
    when: before => Prisma.sql`created_at < ${before}`,
    order: Prisma.sql`created_at`,
  },
  {
    days: 'mailDays',
    table: Prisma.sql`mails`,
    // A pending mail can be sent as long as its invitation is the seat's current one and has not expired.
    when: (before, now) => Prisma.sql`
      created_at < ${before}
      AND (status <> 'pending' OR (
        (leased_until IS NULL OR leased_until < ${now})
        AND NOT EXISTS (
          SELECT 1 FROM customer_seats AS seat
           WHERE seat.organization_id = row.organization_id AND seat.id = row.seat_id
             AND seat.status = 'pending' AND seat.invitation_token_hash = row.invitation_token_hash
             AND (seat.invitation_token_expires_at IS NULL OR seat.invitation_token_expires_at > ${now}))))`,
    order: Prisma.sql`created_at`,
  },
  {
    // A revoked token is kept until it expires: an import would create it again if its row were missing.
    days: 'tokenDays',
    table: Prisma.sql`access_tokens`,
    when: before => Prisma.sql`expires_at < ${before}`,
    order: Prisma.sql`expires_at`,
  },
  {
    days: 'deletedDays',
    table: Prisma.sql`members`,
    when: before => Prisma.sql`
      deleted_at < ${before}
      AND NOT EXISTS (
        SELECT 1 FROM customer_seats AS seat
         WHERE seat.organization_id = row.organization_id AND seat.member_id = row.id)`,
    order: Prisma.sql`deleted_at`,
  },
  {
    // Its deliveries are archived with their events first.
    days: 'deletedDays',
    table: Prisma.sql`webhook_endpoints`,
    when: before => Prisma.sql`
      deleted_at < ${before}
      AND NOT EXISTS (
        SELECT 1 FROM webhook_deliveries AS delivery
         WHERE delivery.organization_id = row.organization_id AND delivery.endpoint_id = row.id)`,
    order: Prisma.sql`deleted_at`,
  },
];
