import { randomUUID } from 'node:crypto';
import type { Ctx } from '../context.ts';
import type { WebhookDelivery } from '../db/generated/prisma/client.ts';
import type { Statement } from '../db/sql.ts';
import { representSeat } from '../seats/view.ts';
import { requireWebhookManager } from './access.ts';
import { findEndpoint, notFound, requireEnabled } from './find.ts';
import { sampleSeat } from './sample-seat.ts';

/**
 * Sends one endpoint an event about a seat that does not exist, whether or not it names the type, and answers the
 * delivery, which tells by and by what the receiver said.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput where the endpoint is disabled.
 */
export async function sendTestWebhook(ctx: Ctx, endpointId: string): Promise<WebhookDelivery> {
  const actor = requireWebhookManager(ctx.actor);
  const endpoint = await findEndpoint(ctx.db, actor, endpointId);
  const { organizationId } = endpoint;
  requireEnabled(endpoint, ['endpointId']);
  const now = ctx.now();
  const seat = sampleSeat(organizationId, now);
  const id = randomUUID();
  const eventId = randomUUID();
  const [made] = await ctx.sql.change<[sequence: string]>(SEND_TEST, [
    organizationId,
    endpointId,
    id,
    eventId,
    seat.id,
    JSON.stringify(representSeat(seat)),
    now,
  ]);
  if (made === undefined) {
    // It has been disabled or deleted just now.
    requireEnabled(await findEndpoint(ctx.db, actor, endpointId), ['endpointId']);
    notFound();
  }
  ctx.changes.announce(seat.id);
  return {
    organizationId,
    id,
    createdAt: now,
    endpointId,
    eventId,
    seatId: seat.id,
    sequence: BigInt(made[0]),
    status: 'pending',
    attempts: 0,
    nextAttemptAt: now,
    lastAttemptAt: null,
    durationMs: null,
    responseStatus: null,
    responseBody: null,
    error: null,
    finishedAt: null,
  };
}

// The event is for this endpoint alone: the delivery is all that is made of it. The endpoint's row is held, so that
// whoever disables it finds the delivery, and skips it.
const SEND_TEST: Statement = {
  name: 'send_test_webhook',
  text: `
    WITH endpoint AS (
      SELECT organization_id, id
        FROM webhook_endpoints
       WHERE organization_id = $1::uuid AND id = $2::uuid AND deleted_at IS NULL AND disabled_at IS NULL
         FOR SHARE
    ), event AS (
      INSERT INTO outbox_events (organization_id, id, seat_id, type, created_at, payload, dispatched_at)
      SELECT organization_id, $4::uuid, $5::uuid, 'customer_seat.assigned', $7::timestamptz, $6::json, $7::timestamptz
        FROM endpoint
      RETURNING organization_id, id, seat_id, sequence
    )
    INSERT INTO webhook_deliveries
           (organization_id, id, endpoint_id, event_id, seat_id, sequence, created_at, next_attempt_at)
    SELECT organization_id, $3::uuid, $2::uuid, id, seat_id, sequence, $7::timestamptz, $7::timestamptz
      FROM event
    RETURNING sequence`,
};
