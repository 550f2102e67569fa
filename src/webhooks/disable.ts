import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { optimistic } from '../db/optimistic.ts';
import { requireWebhookManager } from './access.ts';
import { findEndpoint } from './find.ts';

/**
 * Stops sending an endpoint events; the database skips those on their way to it, which can be redelivered once it is
 * enabled again. A disabled endpoint is answered as it is. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function disableWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  const actor = requireWebhookManager(ctx.actor);
  return await optimistic(async () => {
    const found = await findEndpoint(ctx.db, actor, id);
    if (found.disabledAt !== null) return found;
    const now = ctx.now();
    const { organizationId } = found;
    const [disabled] = await ctx.db.webhookEndpoint.updateManyAndReturn({
      where: { organizationId, id, deletedAt: null, disabledAt: null },
      data: { disabledAt: now, modifiedAt: now },
    });
    return disabled;
  });
}
