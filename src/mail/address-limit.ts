import type { Db } from '../db/client.ts';
import { transaction } from '../db/transaction.ts';
import type { LeasedMail } from './queue.ts';

/** How many invitations and reminders an organization sends to one address within an hour, where it is not configured. */
export const INVITATIONS_PER_HOUR = 20;

const HOUR_MS = 60 * 60_000;

/**
 * Whether an invitation can go out: `held` is this process's to send, and counts from now on; `lost` is another process's;
 * and with a date, the address has had so many invitations of the organization within an hour that it waits until then.
 */
export type Hold = 'held' | 'lost' | Date;

/**
 * Writes down whom an invitation goes to, right before it does, if no more than `perHour` of the organization's went to
 * the address, whatever its case, within the last hour. Those to one address wait for each other, in all processes, while
 * that is decided. A mail that is sent again counts once.
 */
export async function holdInvitation(
  db: Db,
  { organizationId, id, leasedUntil }: LeasedMail,
  recipient: string,
  { perHour, now }: { perHour: number; now: Date },
): Promise<Hold> {
  return await transaction(db, async tx => {
    const key = `mails:${organizationId}:${recipient.toLowerCase()}`;
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
    const since = new Date(now.getTime() - HOUR_MS);
    // The lock is had before this statement, and so it sees all that those before have written.
    const [row] = await tx.$queryRaw<{ held: boolean; first: Date | null }[]>`
      WITH counted AS MATERIALIZED (
        SELECT handed_over_at
          FROM mails
         WHERE ${perHour} > 0 AND organization_id = ${organizationId}::uuid
           AND lower(recipient) = lower(${recipient}) AND handed_over_at > ${since} AND id <> ${id}::uuid
         ORDER BY handed_over_at DESC
        OFFSET greatest(0, ${perHour} - 1) LIMIT 1
      ), held AS (
        UPDATE mails SET recipient = ${recipient}, handed_over_at = ${now}
         WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid AND status = 'pending'
           AND leased_until = ${leasedUntil} AND NOT EXISTS (SELECT FROM counted)
        RETURNING id
      )
      SELECT EXISTS (SELECT FROM held) AS held, (SELECT handed_over_at FROM counted) AS first`;
    if (row?.first) return new Date(row.first.getTime() + HOUR_MS);
    return row?.held ? 'held' : 'lost';
  });
}
