import { type Db, Prisma } from '../db/client.ts';
import type { MailKind, MailStatus } from '../db/generated/prisma/enums.ts';

/** A mail that only this process sends until the lease expires. */
export interface LeasedMail {
  organizationId: string;
  id: string;
  kind: MailKind;
  seatId: string | null;
  invitationTokenHash: Uint8Array | null;
  endpointId: string | null;
  recipient: string | null;
  attempts: number;
  createdAt: Date;
  /** Error of the last attempt. */
  error: string | null;
  leasedUntil: Date;
}

/** Leases up to `count` due mails, longest due first. No two processes lease the same mail. */
export async function leaseMails(
  db: Db,
  count: number,
  { now, until }: { now: Date; until: Date },
): Promise<LeasedMail[]> {
  return await db.$queryRaw<LeasedMail[]>`
    WITH due AS MATERIALIZED (
      SELECT organization_id, id
        FROM mails
       WHERE status = 'pending' AND next_attempt_at <= ${now}
         AND (leased_until IS NULL OR leased_until < ${now})
       ORDER BY next_attempt_at
       LIMIT ${count}
         FOR UPDATE SKIP LOCKED
    )
    UPDATE mails AS mail SET leased_until = ${until}
      FROM due
     WHERE mail.organization_id = due.organization_id AND mail.id = due.id
    RETURNING mail.organization_id AS "organizationId", mail.id, mail.kind::text AS kind,
              mail.seat_id AS "seatId", mail.invitation_token_hash AS "invitationTokenHash",
              mail.endpoint_id AS "endpointId", mail.recipient, mail.attempts,
              mail.created_at AS "createdAt", mail.error, mail.leased_until AS "leasedUntil"`;
}

/** Releases leased mails that were not attempted. */
export async function releaseMails(db: Db, mails: readonly LeasedMail[]): Promise<void> {
  if (mails.length === 0) return;
  const keys = mails.map(
    ({ organizationId, id }) => Prisma.sql`(${organizationId}::uuid, ${id}::uuid)`,
  );
  await db.$executeRaw`
    UPDATE mails SET leased_until = NULL
     WHERE (organization_id, id) IN (${Prisma.join(keys)})
       AND leased_until = ${mails[0]?.leasedUntil}`;
}

/** Records the recipient of a mail right before it is sent. Returns false if the lease is lost. */
export async function recordRecipient(
  db: Db,
  mail: LeasedMail,
  recipient: string,
): Promise<boolean> {
  const { count } = await db.mail.updateMany({ where: leased(mail), data: { recipient } });
  return count === 1;
}

/** Outcome of an attempt. */
export interface MailOutcome {
  /** `pending` if the mail is attempted again. */
  status: MailStatus;
  /** Number of attempts so far. */
  attempts: number;
  /** Why the mail was not sent. */
  error: string | null;
  /** Time of the next attempt. */
  nextAttemptAt?: Date;
  /** Recipient of a mail that was not handed to the server. */
  recipient?: string;
}

/**
 * Records the outcome of a mail and ends its lease. The outcome `sent` is recorded even if another process has leased the
 * mail meanwhile. All others are recorded only while this process has the lease.
 */
export async function recordOutcome(
  db: Db,
  mail: LeasedMail,
  outcome: MailOutcome,
  now: Date,
): Promise<void> {
  const { organizationId, id } = mail;
  const finishedAt = outcome.status === 'pending' ? null : now;
  const isSent = outcome.status === 'sent';
  await db.mail.updateMany({
    where: isSent ? { organizationId, id, status: 'pending' } : leased(mail),
    // A mail that the server did not accept does not count towards the limit of its recipient.
    data: { ...outcome, finishedAt, leasedUntil: null, ...(!isSent && { handedOverAt: null }) },
  });
}

function leased({ organizationId, id, leasedUntil }: LeasedMail) {
  return { organizationId, id, status: 'pending', leasedUntil } as const;
}
