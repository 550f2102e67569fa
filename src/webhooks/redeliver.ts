import { reachableOrganizations } from '../auth/access.ts';
import type { Ctx } from '../context.ts';
import type { WebhookDelivery } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { InvalidInput, ResourceNotFound } from '../domain/errors.ts';
import { requireWebhookManager } from './access.ts';
import { lockEndpoint, requireEnabled } from './find.ts';

/**
 * Sends a delivered, failed or skipped event again, immediately and with a full set of attempts. The `webhook-id` stays the
 * same. Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput if the endpoint is disabled or the delivery
 * is pending.
 */
export async function redeliverWebhook(ctx: Ctx, deliveryId: string): Promise<WebhookDelivery> {
  const actor = requireWebhookManager(ctx.actor);
  const path = ['deliveryId'];
  const delivery = await transaction(ctx.db, async tx => {
    const found = await tx.webhookDelivery.findFirst({
      where: { ...reachableOrganizations(actor), id: deliveryId, endpoint: { deletedAt: null } },
    });
    if (found === null) throw new ResourceNotFound('Webhook delivery not found');
    const { organizationId, id, endpointId } = found;
    requireEnabled(await lockEndpoint(tx, actor, endpointId), path);
    const [redelivered] = await tx.webhookDelivery.updateManyAndReturn({
      where: { organizationId, id, status: { not: 'pending' } },
      data: { status: 'pending', attempts: 0, nextAttemptAt: ctx.now(), finishedAt: null },
    });
    if (redelivered === undefined) {
      const message = 'The event is on its way already.';
      throw new InvalidInput([{ path, code: 'PENDING', message }]);
    }
    return redelivered;
  });
  ctx.changes.announce(delivery.seatId);
  return delivery;
}
