import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { optimistic } from '../db/optimistic.ts';
import { requireWebhookManager } from './access.ts';
import { findEndpoint } from './find.ts';

/**
 * Sends a disabled endpoint the events that happen from now on, and counts its failures anew. An enabled endpoint is
 * answered as it is. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function enableWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  const actor = requireWebhookManager(ctx.actor);
  return await optimistic(async () => {
    const found = await findEndpoint(ctx.db, actor, id);
    if (found.disabledAt === null) return found;
    const { organizationId } = found;
    const [enabled] = await ctx.db.webhookEndpoint.updateManyAndReturn({
      where: { organizationId, id, deletedAt: null, disabledAt: { not: null } },
      data: { disabledAt: null, consecutiveFailures: 0, modifiedAt: ctx.now() },
    });
    return enabled;
  });
}
