import type { Db } from '../db/client.ts';
import { transaction } from '../db/transaction.ts';
import type { LeasedMail } from './queue.ts';

/** Default limit of invitations and reminders from one organization to one address in an hour. */
export const INVITATIONS_PER_HOUR = 20;

const HOUR_MS = 60 * 60_000;

/**
 * Result of `reserveInvitation`. `reserved`: this process sends the mail, which counts towards the limit. `lost`: another
 * process has leased the mail. A date: the limit is reached, and the mail waits until then.
 */
export type Reservation = 'reserved' | 'lost' | Date;

/**
 * Counts an invitation towards the limit of its recipient and records the recipient, right before the mail is sent. The
 * limit is `perHour` invitations of the organization to the address, ignoring case, in the last hour; 0 for no limit. An
 * advisory lock serializes the reservations for one address across processes. A mail that is sent twice counts once.
 */
export async function reserveInvitation(
  db: Db,
  { organizationId, id, leasedUntil }: LeasedMail,
  recipient: string,
  { perHour, now }: { perHour: number; now: Date },
): Promise<Reservation> {
  return await transaction(db, async tx => {
    const key = `mails:${organizationId}:${recipient.toLowerCase()}`;
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
    const since = new Date(now.getTime() - HOUR_MS);
    // This statement starts after the lock is taken, so that its snapshot includes all earlier reservations.
    const [row] = await tx.$queryRaw<{ reserved: boolean; first: Date | null }[]>`
      WITH counted AS MATERIALIZED (
        SELECT handed_over_at
          FROM mails
         WHERE ${perHour} > 0 AND organization_id = ${organizationId}::uuid
           AND lower(recipient) = lower(${recipient}) AND handed_over_at > ${since} AND id <> ${id}::uuid
         ORDER BY handed_over_at DESC
        OFFSET greatest(0, ${perHour} - 1) LIMIT 1
      ), reserved AS (
        UPDATE mails SET recipient = ${recipient}, handed_over_at = ${now}
         WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid AND status = 'pending'
           AND leased_until = ${leasedUntil} AND NOT EXISTS (SELECT FROM counted)
        RETURNING id
      )
      SELECT EXISTS (SELECT FROM reserved) AS reserved, (SELECT handed_over_at FROM counted) AS first`;
    if (row?.first) return new Date(row.first.getTime() + HOUR_MS);
    return row?.reserved ? 'reserved' : 'lost';
  });
}
