import type { Ctx } from '../context.ts';
import type { WebhookDelivery } from '../db/generated/prisma/client.ts';
import type { Statement } from '../db/sql.ts';
import { organizationsOf, reachableOrganizations } from '../seats/access.ts';
import { InvalidInput, ResourceNotFound } from '../seats/errors.ts';
import { requireWebhookManager } from './access.ts';
import { requireEnabled } from './find.ts';

/**
 * Sends an event again that was delivered, has failed or was skipped: now, and with all its attempts. The receiver
 * knows it by the same `webhook-id`.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput where the endpoint is disabled or the event is
 * on its way already.
 */
export async function redeliverWebhook(ctx: Ctx, deliveryId: string): Promise<WebhookDelivery> {
  const actor = requireWebhookManager(ctx.actor);
  const path = ['deliveryId'];
  const redelivered = await ctx.sql.change(REDELIVER, [
    organizationsOf(actor),
    deliveryId,
    ctx.now(),
  ]);
  const found = await ctx.db.webhookDelivery.findFirst({
    where: { ...reachableOrganizations(actor), id: deliveryId, endpoint: { deletedAt: null } },
    include: { endpoint: { select: { disabledAt: true } } },
  });
  if (found === null) throw new ResourceNotFound('Webhook delivery not found');
  const { endpoint, ...delivery } = found;
  if (redelivered.length === 0) {
    requireEnabled(endpoint, path);
    const message = 'The event is on its way already.';
    throw new InvalidInput([{ path, code: 'PENDING', message }]);
  }
  ctx.changes.announce(delivery.seatId);
  return delivery;
}

// The endpoint's row is held, so that whoever disables it finds the delivery made ready, and skips it.
const REDELIVER: Statement = {
  name: 'redeliver_webhook',
  text: `
    WITH endpoint AS (
      SELECT e.organization_id, e.id
        FROM webhook_deliveries d
        JOIN webhook_endpoints e ON e.organization_id = d.organization_id AND e.id = d.endpoint_id
       WHERE d.organization_id = ANY($1::uuid[]) AND d.id = $2::uuid
         AND e.deleted_at IS NULL AND e.disabled_at IS NULL
         FOR SHARE OF e
    )
    UPDATE webhook_deliveries d
       SET status = 'pending', attempts = 0, next_attempt_at = $3::timestamptz, finished_at = NULL
      FROM endpoint e
     WHERE d.organization_id = e.organization_id AND d.endpoint_id = e.id AND d.id = $2::uuid
       AND d.status <> 'pending'
    RETURNING d.id`,
};
