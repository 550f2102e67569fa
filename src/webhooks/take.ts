import type { Db } from '../db/client.ts';
import type { SigningKeys } from './sign.ts';

/** An endpoint that one process has to itself for a while. */
export interface Lease {
  organizationId: string;
  endpointId: string;
  /** The process. */
  leasedBy: string;
}

/** A delivery to attempt now. */
export interface DueDelivery {
  id: string;
  /** How often it was attempted before. */
  attempts: number;
  eventId: string;
  type: string;
  createdAt: Date;
  /** The event's payload as it was written, in JSON. */
  payload: string;
}

/** How many deliveries are looked through at a time. */
const WINDOW = 200;

/** Leases up to `count` endpoints that have something to deliver and that no living process has; the longest unserved first. */
export async function leaseEndpoints(
  db: Db,
  leasedBy: string,
  count: number,
  { now, until }: { now: Date; until: Date },
): Promise<Lease[]> {
  const leased = await db.$queryRaw<{ organization_id: string; id: string }[]>`
    UPDATE webhook_endpoints AS endpoint
       SET leased_by = ${leasedBy}::uuid, leased_until = ${until}
      FROM (
        SELECT organization_id, id
          FROM webhook_endpoints AS free
         WHERE deleted_at IS NULL AND disabled_at IS NULL
           AND (leased_until IS NULL OR leased_until <= ${now})
           AND EXISTS (
             SELECT 1 FROM webhook_deliveries AS delivery
              WHERE delivery.organization_id = free.organization_id AND delivery.endpoint_id = free.id
                AND delivery.status = 'pending' AND delivery.next_attempt_at <= ${now})
         ORDER BY leased_until NULLS FIRST
         LIMIT ${count}
           FOR UPDATE SKIP LOCKED
      ) AS free
     WHERE endpoint.organization_id = free.organization_id AND endpoint.id = free.id
    RETURNING endpoint.organization_id, endpoint.id`;
  return leased.map(({ organization_id: organizationId, id: endpointId }) => ({
    organizationId,
    endpointId,
    leasedBy,
  }));
}

/** Where to send, and how to sign, while the lease lasts until `until`; undefined once it is lost, or the endpoint disabled. */
export async function renewLease(
  db: Db,
  { organizationId, endpointId, leasedBy }: Lease,
  until: Date,
): Promise<({ url: string } & SigningKeys) | undefined> {
  const [endpoint] = await db.webhookEndpoint.updateManyAndReturn({
    where: { organizationId, id: endpointId, leasedBy, deletedAt: null, disabledAt: null },
    data: { leasedUntil: until },
    select: { url: true, secret: true, previousSecret: true, previousSecretExpiresAt: true },
  });
  return endpoint;
}

/** Gives the endpoint free, from `from` on, for whichever process comes first. */
export async function endLease(
  db: Db,
  { organizationId, endpointId, leasedBy }: Lease,
  from: Date,
): Promise<void> {
  await db.webhookEndpoint.updateMany({
    where: { organizationId, id: endpointId, leasedBy },
    data: { leasedBy: null, leasedUntil: from },
  });
}

/** What an endpoint is to be sent now, and whether there may be more to be found by another look. */
export interface Due {
  deliveries: DueDelivery[];
  /** How many had to be put off, since an earlier one of their seat is put off. */
  putOff: number;
}

/**
 * Up to `count` deliveries that the endpoint is to be sent now: of as many seats, each the first of its seat that is
 * still on its way. One whose time has come behind a first one whose time has not is put off until then, so that a
 * long tail behind a failure is not looked through again and again.
 */
export async function dueDeliveries(
  db: Db,
  { organizationId, endpointId }: Lease,
  count: number,
  now: Date,
): Promise<Due> {
  const rows = await db.$queryRaw<(DueDelivery & { putOffUntil: Date | null })[]>`
    WITH due AS MATERIALIZED (
      SELECT id, seat_id
        FROM webhook_deliveries
       WHERE organization_id = ${organizationId}::uuid AND endpoint_id = ${endpointId}::uuid
         AND status = 'pending' AND next_attempt_at <= ${now}
       ORDER BY next_attempt_at, sequence
       LIMIT ${WINDOW}
    ), firsts AS MATERIALIZED (
      SELECT seat.seat_id, first.*
        FROM (SELECT DISTINCT seat_id FROM due) AS seat
       CROSS JOIN LATERAL (
         SELECT id, attempts, event_id, sequence, next_attempt_at
           FROM webhook_deliveries
          WHERE organization_id = ${organizationId}::uuid AND endpoint_id = ${endpointId}::uuid
            AND seat_id = seat.seat_id AND status = 'pending'
          ORDER BY sequence
          LIMIT 1
       ) AS first
    ), ready AS MATERIALIZED (
      SELECT * FROM firsts WHERE next_attempt_at <= ${now}
       ORDER BY next_attempt_at, sequence
       LIMIT ${count}
    )
    SELECT ready.id, ready.attempts, ready.event_id AS "eventId", event.type,
           event.created_at AS "createdAt", event.payload::text AS payload,
           NULL::timestamptz AS "putOffUntil"
      FROM ready
     CROSS JOIN LATERAL (
       SELECT type, created_at, payload FROM outbox_events
        WHERE organization_id = ${organizationId}::uuid AND id = ready.event_id
       OFFSET 0
     ) AS event
    UNION ALL
    SELECT due.id, 0, NULL, NULL, NULL, NULL, firsts.next_attempt_at
      FROM due JOIN firsts ON firsts.seat_id = due.seat_id
     WHERE firsts.next_attempt_at > ${now}`;
  const waiting = rows.filter(({ putOffUntil }) => putOffUntil !== null);
  if (waiting.length > 0) await putOff(db, organizationId, waiting);
  return {
    deliveries: rows.filter(({ putOffUntil }) => putOffUntil === null),
    putOff: waiting.length,
  };
}

async function putOff(
  db: Db,
  organizationId: string,
  waiting: readonly { id: string; putOffUntil: Date | null }[],
): Promise<void> {
  const ids = waiting.map(({ id }) => id);
  const times = waiting.map(({ putOffUntil }) => putOffUntil?.toISOString());
  await db.$executeRaw`
    UPDATE webhook_deliveries AS delivery SET next_attempt_at = wait.until
      FROM unnest(${ids}::uuid[], ${times}::timestamptz[]) AS wait (id, until)
     WHERE delivery.organization_id = ${organizationId}::uuid AND delivery.id = wait.id
       AND delivery.status = 'pending'`;
}
