import { randomUUID } from 'node:crypto';
import type { Ctx } from '../context.ts';
import type { Prisma } from '../db/client.ts';
import type { WebhookDelivery } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { representSeat } from '../seats/view.ts';
import { requireWebhookManager } from './access.ts';
import { lockEndpoint, requireEnabled } from './find.ts';
import { sampleSeat } from './sample-seat.ts';

/**
 * Sends one endpoint an event about a seat that does not exist, whether or not it names the type, and answers the
 * delivery, which tells by and by what the receiver said.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput where the endpoint is disabled.
 */
export async function sendTestWebhook(ctx: Ctx, endpointId: string): Promise<WebhookDelivery> {
  const actor = requireWebhookManager(ctx.actor);
  const delivery = await transaction(ctx.db, async tx => {
    const endpoint = await lockEndpoint(tx, actor, endpointId);
    requireEnabled(endpoint, ['endpointId']);
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
        // JSON in, JSON out: the form holds strings, nulls and the sample's own JSON.
        payload: representSeat(seat) as Prisma.InputJsonObject,
        // It is dispatched to this endpoint alone.
        dispatchedAt: now,
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
