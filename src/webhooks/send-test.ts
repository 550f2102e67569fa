import { randomUUID } from 'node:crypto';
import { actorColumns, recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import type { Prisma } from '../db/client.ts';
import type { WebhookDelivery } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { representSeat } from '../seats/view.ts';
import { requireWebhookManager } from './access.ts';
import { lockEndpoint, requireEnabled } from './find.ts';
import { sampleSeat } from './sample-seat.ts';

/**
 * Sends an endpoint a `customer_seat.assigned` event about a made-up seat, even if the endpoint does not subscribe to that
 * type. Returns the delivery, which later holds the receiver's answer.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput if the endpoint is disabled.
 */
export async function sendTestWebhook(ctx: Ctx, endpointId: string): Promise<WebhookDelivery> {
  const actor = requireWebhookManager(ctx.actor);
  const delivery = await transaction(ctx.db, async tx => {
    const endpoint = await lockEndpoint(tx, actor, endpointId);
    requireEnabled(endpoint, ['id']);
    const { organizationId } = endpoint;
    const now = ctx.now();
    const seat = sampleSeat(organizationId, now);
    const { id: eventId, sequence } = await tx.outboxEvent.create({
      data: {
        organizationId,
        id: randomUUID(),
        createdAt: now,
        type: 'customer_seat.assigned',
        seatId: seat.id,
        // The representation has only strings, nulls and the sample's JSON metadata.
        payload: representSeat(seat) as Prisma.InputJsonObject,
        // Marked as dispatched, because it goes to this endpoint only.
        dispatchedAt: now,
        ...actorColumns(recordActor(actor, ctx.channel)),
      },
    });
    return await tx.webhookDelivery.create({
      data: {
        organizationId,
        createdAt: now,
        endpointId,
        eventId,
        seatId: seat.id,
        sequence,
        nextAttemptAt: now,
      },
    });
  });
  ctx.changes.announce(delivery.seatId);
  return delivery;
}
