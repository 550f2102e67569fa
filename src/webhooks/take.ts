import type { Db } from '../db/client.ts';
import { Prisma } from '../db/client.ts';
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

// A delivery whose time has come, and that is the first of its seat which is still on its way to the endpoint.
// A minimum is looked up in an index for one delivery at a time; NOT EXISTS may be planned as a join with the whole backlog.
const isReady = (now: Date) => Prisma.sql`
  delivery.status = 'pending' AND delivery.next_attempt_at <= ${now}
  AND delivery.sequence = (
    SELECT min(first.sequence) FROM webhook_deliveries AS first
     WHERE first.organization_id = delivery.organization_id
       AND first.endpoint_id = delivery.endpoint_id
       AND first.seat_id = delivery.seat_id
       AND first.status = 'pending')`;

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
                AND ${isReady(now)})
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

/** Gives the endpoint free, for whichever process comes first. */
export async function endLease(
  db: Db,
  { organizationId, endpointId, leasedBy }: Lease,
  now: Date,
): Promise<void> {
  await db.webhookEndpoint.updateMany({
    where: { organizationId, id: endpointId, leasedBy },
    data: { leasedBy: null, leasedUntil: now },
  });
}

/** Up to `count` deliveries that the endpoint is to be sent now, of as many seats. */
export async function dueDeliveries(
  db: Db,
  { organizationId, endpointId }: Lease,
  count: number,
  now: Date,
): Promise<DueDelivery[]> {
  return await db.$queryRaw<DueDelivery[]>`
    SELECT delivery.id, delivery.attempts, event.id AS "eventId", event.type,
           event.created_at AS "createdAt", event.payload::text AS payload
      FROM webhook_deliveries AS delivery
      JOIN outbox_events AS event
        ON event.organization_id = delivery.organization_id AND event.id = delivery.event_id
     WHERE delivery.organization_id = ${organizationId}::uuid
       AND delivery.endpoint_id = ${endpointId}::uuid
       AND ${isReady(now)}
     ORDER BY delivery.next_attempt_at, delivery.sequence
     LIMIT ${count}`;
}
