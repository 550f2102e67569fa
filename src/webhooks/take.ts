import type { Db } from '../db/client.ts';
import type { SigningKeys } from './sign.ts';
import { STORED_SECRETS, type StoredSecrets } from './stored-secrets.ts';

/** Exclusive right of one process to deliver to an endpoint, for a limited time. */
export interface Lease {
  organizationId: string;
  endpointId: string;
  /** Id of the process. */
  leasedBy: string;
}

/** A delivery that is due. */
export interface DueDelivery {
  id: string;
  /** Number of previous attempts. */
  attempts: number;
  eventId: string;
  type: string;
  createdAt: Date;
  /** The event's stored payload, as JSON text. */
  payload: string;
}

/** Number of due deliveries that one query examines. */
const WINDOW = 200;

/** Leases up to `count` endpoints that have due deliveries and no current lease. The longest unserved come first. */
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

/** What a delivery needs of its endpoint. */
export type LeasedEndpoint = { url: string } & StoredSecrets &
  Pick<SigningKeys, 'previousSecretExpiresAt'>;

/**
 * Extends the lease to `until` and returns the endpoint's URL and secrets; undefined if the lease is lost or the endpoint is
 * disabled or deleted.
 */
export async function renewLease(
  db: Db,
  { organizationId, endpointId, leasedBy }: Lease,
  until: Date,
): Promise<LeasedEndpoint | undefined> {
  const [endpoint] = await db.webhookEndpoint.updateManyAndReturn({
    where: { organizationId, id: endpointId, leasedBy, deletedAt: null, disabledAt: null },
    data: { leasedUntil: until },
    select: { url: true, ...STORED_SECRETS, previousSecretExpiresAt: true },
  });
  return endpoint;
}

/** Records on up to 200 due deliveries of the endpoint why they wait. */
export async function noteReason(
  db: Db,
  { organizationId, endpointId }: Lease,
  reason: string,
  now: Date,
): Promise<void> {
  await db.$executeRaw`
    UPDATE webhook_deliveries SET error = ${reason}
     WHERE organization_id = ${organizationId}::uuid AND id IN (
       SELECT id FROM webhook_deliveries
        WHERE organization_id = ${organizationId}::uuid AND endpoint_id = ${endpointId}::uuid
          AND status = 'pending' AND next_attempt_at <= ${now}
        ORDER BY next_attempt_at, sequence
        LIMIT ${WINDOW})
       AND error IS DISTINCT FROM ${reason}`;
}

/** Releases the endpoint. Any process may lease it from `from` on. */
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

/** Due deliveries of an endpoint, and whether another query may find more. */
export interface Due {
  deliveries: DueDelivery[];
  /** Number of deliveries that were postponed, because an earlier one of their seat is not due yet. */
  postponed: number;
}

/**
 * Returns up to `count` due deliveries of the endpoint, at most one per seat: the first pending one of that seat. A due
 * delivery behind one that is not due is postponed to the time of the latter, so that the query does not repeatedly examine
 * a long queue behind a failed delivery.
 */
export async function dueDeliveries(
  db: Db,
  { organizationId, endpointId }: Lease,
  count: number,
  now: Date,
): Promise<Due> {
  const rows = await db.$queryRaw<(DueDelivery & { postponedUntil: Date | null })[]>`
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
           NULL::timestamptz AS "postponedUntil"
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
  const waiting = rows.filter(({ postponedUntil }) => postponedUntil !== null);
  if (waiting.length > 0) await postpone(db, organizationId, waiting);
  return {
    deliveries: rows.filter(({ postponedUntil }) => postponedUntil === null),
    postponed: waiting.length,
  };
}

async function postpone(
  db: Db,
  organizationId: string,
  waiting: readonly { id: string; postponedUntil: Date | null }[],
): Promise<void> {
  const ids = waiting.map(({ id }) => id);
  const times = waiting.map(({ postponedUntil }) => postponedUntil?.toISOString());
  await db.$executeRaw`
    UPDATE webhook_deliveries AS delivery SET next_attempt_at = wait.until
      FROM unnest(${ids}::uuid[], ${times}::timestamptz[]) AS wait (id, until)
     WHERE delivery.organization_id = ${organizationId}::uuid AND delivery.id = wait.id
       AND delivery.status = 'pending'`;
}
