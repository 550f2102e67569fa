import { Prisma } from '../db/client.ts';
import { KEPT_MS } from '../idempotency/keyed-sql.ts';

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

/** Which rows of a table are deleted, and when. */
export interface RetentionRule {
  table: string;
  /** What people call a row. */
  noun: string;
  /** How long a row is kept after the time in `since`, in milliseconds; undefined is for ever. */
  keptMs: (retention: Retention) => number | undefined;
  /** The column with the time from which a row is kept. An index begins with it. */
  since: string;
  /** A further condition on `row`, at a time. */
  when?: (now: Date) => Prisma.Sql;
}

const DAY_MS = 24 * 60 * 60_000;
const daysOf = (days: number) => (days === 0 ? undefined : days * DAY_MS);

export const RETENTION_RULES: readonly RetentionRule[] = [
  {
    table: 'customer_sessions',
    noun: 'customer session',
    keptMs: () => 0,
    since: 'expires_at',
  },
  {
    table: 'member_sessions',
    noun: 'member session',
    keptMs: () => 0,
    since: 'expires_at',
  },
  {
    table: 'idempotency_keys',
    noun: 'idempotency key',
    keptMs: () => KEPT_MS,
    since: 'created_at',
  },
  {
    table: 'archived_events',
    noun: 'archived event',
    keptMs: ({ archiveDays }) => daysOf(archiveDays),
    since: 'archived_at',
  },
  {
    table: 'audit_events',
    noun: 'audit event',
    keptMs: ({ auditDays }) => daysOf(auditDays),
    since: 'created_at',
  },
  {
    table: 'mails',
    noun: 'mail',
    keptMs: ({ mailDays }) => daysOf(mailDays),
    since: 'created_at',
    // A pending mail can be sent as long as its invitation is the seat's current one and has not expired.
    when: now => Prisma.sql`
      (status <> 'pending' OR (
        (leased_until IS NULL OR leased_until < ${now})
        AND NOT EXISTS (
          SELECT 1 FROM customer_seats AS seat
           WHERE seat.organization_id = row.organization_id AND seat.id = row.seat_id
             AND seat.status = 'pending' AND seat.invitation_token_hash = row.invitation_token_hash
             AND (seat.invitation_token_expires_at IS NULL OR seat.invitation_token_expires_at > ${now}))))`,
  },
  {
    // A revoked token is kept until it expires: an import would create it again if its row were missing.
    table: 'access_tokens',
    noun: 'access token',
    keptMs: ({ tokenDays }) => daysOf(tokenDays),
    since: 'expires_at',
  },
  {
    table: 'members',
    noun: 'removed member',
    keptMs: ({ deletedDays }) => daysOf(deletedDays),
    since: 'deleted_at',
    when: () => Prisma.sql`
      NOT EXISTS (
        SELECT 1 FROM customer_seats AS seat
         WHERE seat.organization_id = row.organization_id AND seat.member_id = row.id)`,
  },
  {
    // Its deliveries are archived with their events first.
    table: 'webhook_endpoints',
    noun: 'deleted webhook endpoint',
    keptMs: ({ deletedDays }) => daysOf(deletedDays),
    since: 'deleted_at',
    when: () => Prisma.sql`
      NOT EXISTS (
        SELECT 1 FROM webhook_deliveries AS delivery
         WHERE delivery.organization_id = row.organization_id AND delivery.endpoint_id = row.id)`,
  },
];

/** Returns the condition on `row` that a rule deletes it at this time; undefined if the rows are kept for ever. */
export function isPastTime(
  { keptMs, since, when }: RetentionRule,
  retention: Retention,
  now: Date,
): Prisma.Sql | undefined {
  const kept = keptMs(retention);
  if (kept === undefined) return undefined;
  const before = new Date(now.getTime() - kept);
  const isOld = Prisma.sql`${Prisma.raw(since)} < ${before}`;
  return when === undefined ? isOld : Prisma.sql`${isOld} AND ${when(now)}`;
}
