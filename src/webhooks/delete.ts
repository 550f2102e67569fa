import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { ResourceNotFound } from '../seats/errors.ts';
import { requireWebhookManager } from './access.ts';
import { findEndpoint } from './find.ts';
import { skipPending } from './record.ts';

/**
 * Removes an endpoint, skips what was on its way to it, and answers it as it was. From then on neither it nor its
 * deliveries are found. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function deleteWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  const actor = requireWebhookManager(ctx.actor);
  return await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const { organizationId } = await findEndpoint(tx, actor, id);
    const [deleted] = await tx.webhookEndpoint.updateManyAndReturn({
      where: { organizationId, id, deletedAt: null },
      data: { deletedAt: now, modifiedAt: now },
    });
    if (deleted === undefined) throw new ResourceNotFound('Webhook endpoint not found');
    await skipPending(tx, { organizationId, endpointId: id }, now);
    return deleted;
  });
}
