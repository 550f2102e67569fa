import { type Db, Prisma } from '../db/client.ts';
import type { MailKind, MailStatus } from '../db/generated/prisma/enums.ts';

/** A mail that this process has to itself until its lease ends. */
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
  /** Why the last attempt failed. */
  error: string | null;
  leasedUntil: Date;
}

/** Leases the mails that are due, those that have waited longest first, at most so many. No two processes get the same. */
export async function leaseMails(
  db: Db,
  most: number,
  { now, until }: { now: Date; until: Date },
): Promise<LeasedMail[]> {
  return await db.$queryRaw<LeasedMail[]>`
    WITH due AS MATERIALIZED (
      SELECT organization_id, id
        FROM mails
       WHERE status = 'pending' AND next_attempt_at <= ${now}
         AND (leased_until IS NULL OR leased_until < ${now})
       ORDER BY next_attempt_at
       LIMIT ${most}
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

/** Gives back mails that nothing was begun with. */
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

/** Writes down whom a mail goes to, right before it does; false where the mail is no longer this process's to send. */
export async function holdMail(db: Db, mail: LeasedMail, recipient: string): Promise<boolean> {
  const { count } = await db.mail.updateMany({ where: leased(mail), data: { recipient } });
  return count === 1;
}

/** What became of a leased mail. */
export interface MailOutcome {
  /** Pending where it is to be attempted again. */
  status: MailStatus;
  /** How often it was attempted in all. */
  attempts: number;
  /** Why it was not sent. */
  error: string | null;
  /** When it is to be attempted again. */
  nextAttemptAt?: Date;
  /** Whom it is for, where it was not handed over. */
  recipient?: string;
}

/**
 * Writes down what became of a mail, and ends its lease. That it was sent stays so, whoever may have leased it meanwhile;
 * anything else counts only while it is this process's.
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
    // What the server did not take does not count to its recipient's limit.
    data: { ...outcome, finishedAt, leasedUntil: null, ...(!isSent && { handedOverAt: null }) },
  });
}

function leased({ organizationId, id, leasedUntil }: LeasedMail) {
  return { organizationId, id, status: 'pending', leasedUntil } as const;
}
