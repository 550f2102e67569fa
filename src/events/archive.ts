import type { Db } from '../db/client.ts';
import type { Job } from './job.ts';

const POLL_MS = 10 * 60_000;
const BATCH = 500;
const DAY_MS = 24 * 60 * 60_000;

/** Returns the job that moves old events with their deliveries to the archive. */
export function createArchiveJob(options: {
  db: Db;
  now: () => Date;
  /** Age in days at which an event is archived. */
  retentionDays: number;
}): Job {
  const { db, now, retentionDays } = options;
  return {
    name: 'archive',
    pollMs: POLL_MS,
    isUrgent: false,
    async run() {
      const at = now();
      const before = new Date(at.getTime() - retentionDays * DAY_MS);
      return (await archiveEvents(db, at, before)) > 0;
    },
  };
}

/** Archives a batch of old events. An event with pending deliveries stays, at any age. */
async function archiveEvents(db: Db, now: Date, before: Date): Promise<number> {
  return await db.$executeRaw`
    WITH old AS MATERIALIZED (
      SELECT organization_id, id
        FROM outbox_events AS event
       WHERE created_at < ${before} AND dispatched_at IS NOT NULL
         AND NOT EXISTS (
           SELECT 1 FROM webhook_deliveries AS delivery
            WHERE delivery.organization_id = event.organization_id AND delivery.event_id = event.id
              AND delivery.status = 'pending')
       ORDER BY created_at
       LIMIT ${BATCH}
         FOR UPDATE SKIP LOCKED
    ), delivered AS MATERIALIZED (
      SELECT delivery.organization_id, delivery.event_id, json_agg(delivery ORDER BY delivery.id) AS deliveries
        FROM webhook_deliveries AS delivery
        JOIN old ON old.organization_id = delivery.organization_id AND old.id = delivery.event_id
       GROUP BY 1, 2
    ), moved AS (
      -- The foreign key cascades to the deliveries.
      DELETE FROM outbox_events AS event USING old
       WHERE event.organization_id = old.organization_id AND event.id = old.id
      RETURNING event.*
    )
    INSERT INTO archived_events
           (organization_id, id, sequence, created_at, type, seat_id, payload, deliveries, archived_at,
            actor_kind, actor_id, actor_label, actor_channel, pool_id, transaction_id)
    SELECT moved.organization_id, moved.id, moved.sequence, moved.created_at, moved.type, moved.seat_id,
           moved.payload, coalesce(delivered.deliveries, '[]'), ${now},
           moved.actor_kind, moved.actor_id, moved.actor_label, moved.actor_channel, moved.pool_id, moved.transaction_id
      FROM moved
      LEFT JOIN delivered ON delivered.organization_id = moved.organization_id AND delivered.event_id = moved.id`;
}
