import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { requireWebhookManager } from './access.ts';
import { findEndpoint } from './find.ts';
import { skipPending } from './record.ts';

/**
 * Stops sending an endpoint events, and skips those on their way to it; they can be redelivered once it is enabled
 * again. A disabled endpoint is answered as it is. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function disableWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  const actor = requireWebhookManager(ctx.actor);
  return await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const { organizationId } = await findEndpoint(tx, actor, id);
    const { count } = await tx.webhookEndpoint.updateMany({
      where: { organizationId, id, deletedAt: null, disabledAt: null },
      data: { disabledAt: now, modifiedAt: now },
    });
    if (count === 1) await skipPending(tx, { organizationId, endpointId: id }, now);
    return await findEndpoint(tx, actor, id);
  });
}
