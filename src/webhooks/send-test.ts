import { randomUUID } from 'node:crypto';
import type { Ctx } from '../context.ts';
import type { Prisma } from '../db/client.ts';
import type { WebhookDelivery } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { representSeat } from '../seats/view.ts';
import { requireWebhookManager } from './access.ts';
import { findEndpoint, holdEnabled } from './find.ts';
import { sampleSeat } from './sample-seat.ts';

/**
 * Sends one endpoint an event about a seat that does not exist, whether or not it names the type, and answers the
 * delivery, which tells by and by what the receiver said.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput where the endpoint is disabled.
 */
export async function sendTestWebhook(ctx: Ctx, endpointId: string): Promise<WebhookDelivery> {
  const actor = requireWebhookManager(ctx.actor);
  const delivery = await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const endpoint = await findEndpoint(tx, actor, endpointId);
    await holdEnabled(tx, endpoint, ['endpointId']);
    const { organizationId } = endpoint;
    const seat = sampleSeat(organizationId, now);
    const event = await tx.outboxEvent.create({
      data: {
        id: randomUUID(),
        organizationId,
        seatId: seat.id,
        type: 'customer_seat.assigned',
        createdAt: now,
        // JSON in, JSON out: the form holds strings, nulls and the sample's own JSON.
        payload: representSeat(seat) as Prisma.InputJsonObject,
        // It is for this endpoint alone: the delivery below is all that is made of it.
        dispatchedAt: now,
      },
      select: { id: true, sequence: true },
    });
    return await tx.webhookDelivery.create({
      data: {
        id: randomUUID(),
        organizationId,
        endpointId,
        eventId: event.id,
        seatId: seat.id,
        sequence: event.sequence,
        createdAt: now,
        nextAttemptAt: now,
      },
    });
  });
  ctx.changes.announce(delivery.seatId);
  return delivery;
}
