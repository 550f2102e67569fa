import { Prisma } from '../db/client.ts';
import { KEPT_MS } from '../idempotency/keyed-sql.ts';

/** How many days rows are kept; 0 keeps them forever. */
export interface Retention {
  /** For an archived event, from its archival. */
  archiveDays: number;
  /** For an audit event. */
  auditDays: number;
  /** For a removed member or a deleted webhook endpoint, from the removal or deletion. */
  deletedDays: number;
  /** For a mail that is finished or can no longer be sent, from its request. */
  mailDays: number;
  /** For an access token, from its expiry. */
  tokenDays: number;
}

/** Which rows of a table are deleted, and when. */
export interface RetentionRule {
  table: string;
  /** The noun for a row in messages. */
  noun: string;
  /** How long a row is kept after the time in `since`, in milliseconds; undefined keeps it forever. */
  keptMs: (retention: Retention) => number | undefined;
  /** The column with the time from which a row is kept. An index begins with it. */
  since: string;
  /** A further condition on `row` at the current time. */
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
    // A pending mail can be sent while its invitation is the seat's current one and has not expired.
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

/** Returns the condition under which a rule deletes `row` now; undefined if the rows are kept forever. */
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
