import type { Db } from '../db/client.ts';
import type { Job } from './job.ts';

const POLL_MS = 1_000;
const BATCH = 500;

/**
 * Makes of each event its deliveries, one for each enabled endpoint that wants its type, and, where it invites
 * somebody, the invitation's mail and its reminder. All of one event, or nothing; each event once, however many
 * processes do this.
 */
export function createFanOutJob({ db, now }: { db: Db; now: () => Date }): Job {
  return {
    name: 'fan-out',
    pollMs: POLL_MS,
    isUrgent: true,
    run: async () => (await fanOut(db, now())) > 0,
  };
}

/**
 * An event waits for the earlier ones of its seat, which another process may hold: deliveries are made in the order in
 * which they have to arrive. A blocked or deleted organization's events reach nobody, as in the reference.
 */
async function fanOut(db: Db, now: Date): Promise<number> {
  return await db.$executeRaw`
    WITH batch AS MATERIALIZED (
      SELECT organization_id, id, seat_id, sequence, type
        FROM outbox_events
       WHERE dispatched_at IS NULL
       ORDER BY sequence
       LIMIT ${BATCH}
         FOR UPDATE SKIP LOCKED
    ), ready AS MATERIALIZED (
      SELECT * FROM batch
       WHERE sequence < coalesce((
         SELECT min(other.sequence) FROM outbox_events AS other
          WHERE other.organization_id = batch.organization_id
            AND other.seat_id = batch.seat_id
            AND other.dispatched_at IS NULL
            AND other.id NOT IN (SELECT id FROM batch)), sequence + 1)
    ), heard AS MATERIALIZED (
      SELECT ready.*, organization.sends_invitations, organization.reminder_hours
        FROM ready
        JOIN organizations AS organization ON organization.id = ready.organization_id
       WHERE organization.status <> 'blocked' AND organization.deleted_at IS NULL
    ), deliveries AS (
      INSERT INTO webhook_deliveries
             (organization_id, endpoint_id, event_id, seat_id, sequence, created_at, next_attempt_at)
      SELECT event.organization_id, endpoint.id, event.id, event.seat_id, event.sequence, ${now}, ${now}
        FROM heard AS event
        JOIN webhook_endpoints AS endpoint ON endpoint.organization_id = event.organization_id
       WHERE endpoint.deleted_at IS NULL AND endpoint.disabled_at IS NULL
         AND event.type = ANY (endpoint.events)
         -- Whoever disables an endpoint skips its deliveries, and has to see these.
         FOR SHARE OF endpoint
      ON CONFLICT DO NOTHING
    ), invitations AS (
      INSERT INTO mails (organization_id, kind, seat_id, invitation_token_hash, created_at, next_attempt_at)
      SELECT event.organization_id, mail.kind, event.seat_id, seat.invitation_token_hash, ${now}, mail.due
        FROM heard AS event
        JOIN customer_seats AS seat
          ON seat.organization_id = event.organization_id AND seat.id = event.seat_id
       CROSS JOIN LATERAL (VALUES
               ('invitation'::mail_kind, ${now}::timestamptz),
               ('reminder', seat.invitation_token_expires_at - make_interval(hours => event.reminder_hours))
             ) AS mail (kind, due)
       WHERE event.type IN ('customer_seat.assigned', 'customer_seat.invitation_resent')
         AND event.sends_invitations
         AND seat.status = 'pending' AND seat.invitation_nonce IS NOT NULL
         AND (mail.kind = 'invitation' OR mail.due > ${now})
      ON CONFLICT DO NOTHING
    )
    UPDATE outbox_events AS event SET dispatched_at = ${now}
      FROM ready
     WHERE event.organization_id = ready.organization_id AND event.id = ready.id`;
}
