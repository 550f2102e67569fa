import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { optimistic } from '../db/optimistic.ts';
import { requireWebhookManager } from './access.ts';
import { findEndpoint } from './find.ts';

/**
 * Removes an endpoint, and answers it; the database skips what was on its way to it. From then on neither it nor its
 * deliveries are found. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function deleteWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  const actor = requireWebhookManager(ctx.actor);
  return await optimistic(async () => {
    const { organizationId } = await findEndpoint(ctx.db, actor, id);
    const now = ctx.now();
    const [deleted] = await ctx.db.webhookEndpoint.updateManyAndReturn({
      where: { organizationId, id, deletedAt: null },
      // An import may bring it back, when somebody else has its slot.
      data: { deletedAt: now, modifiedAt: now, slot: null },
    });
    return deleted;
  });
}
