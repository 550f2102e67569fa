import type { Db } from '../db/client.ts';
import type { Job } from './job.ts';

const POLL_MS = 1_000;
const BATCH = 500;

/**
 * Returns the job that creates the deliveries of each event, one for each enabled endpoint that subscribes to its type. For
 * an event that invites somebody, it also creates the mails of the invitation and its reminder. Each event is processed
 * atomically and exactly once, with any number of processes.
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
 * Processes a batch of events and returns their number. An event waits for earlier events of its seat that another process
 * has locked, so that deliveries are created in the order of their events. Events of a blocked or deleted organization are
 * sent to nobody, as in the reference.
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
    ), locked AS MATERIALIZED (
      -- Only earlier ones, which are few: a look at each seat's events costs far more if the statistics are old.
      SELECT organization_id, seat_id, sequence
        FROM outbox_events
       WHERE dispatched_at IS NULL
         AND sequence < (SELECT max(sequence) FROM batch)
         AND id NOT IN (SELECT id FROM batch)
    ), ready AS MATERIALIZED (
      SELECT * FROM batch
       WHERE NOT EXISTS (
         SELECT FROM locked
          WHERE locked.organization_id = batch.organization_id
            AND locked.seat_id = batch.seat_id
            AND locked.sequence < batch.sequence)
    ), published AS MATERIALIZED (
      SELECT ready.*, organization.sends_invitations, organization.reminder_hours
        FROM ready
        JOIN organizations AS organization ON organization.id = ready.organization_id
       WHERE organization.status <> 'blocked' AND organization.deleted_at IS NULL
    ), deliveries AS (
      INSERT INTO webhook_deliveries
             (organization_id, endpoint_id, event_id, seat_id, sequence, created_at, next_attempt_at)
      SELECT event.organization_id, endpoint.id, event.id, event.seat_id, event.sequence, ${now}, ${now}
        FROM published AS event
        JOIN webhook_endpoints AS endpoint ON endpoint.organization_id = event.organization_id
       WHERE endpoint.deleted_at IS NULL AND endpoint.disabled_at IS NULL
         AND event.type = ANY (endpoint.events)
         -- A concurrent request to disable the endpoint waits, and then skips these deliveries too.
         FOR SHARE OF endpoint
      ON CONFLICT DO NOTHING
    ), invitations AS (
      INSERT INTO mails (organization_id, kind, seat_id, invitation_token_hash, created_at, next_attempt_at)
      SELECT event.organization_id, mail.kind, event.seat_id, seat.invitation_token_hash, ${now}, mail.due
        FROM published AS event
       -- OFFSET 0: a seat is found by its id, and not among all pending ones, whose number old statistics have too low.
       CROSS JOIN LATERAL (
               SELECT status, invitation_nonce, invitation_token_hash, invitation_token_expires_at
                 FROM customer_seats
                WHERE organization_id = event.organization_id AND id = event.seat_id
               OFFSET 0
             ) AS seat
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
