import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { requireWebhookManager } from './access.ts';
import { notFound, reachableEndpoint } from './find.ts';

/**
 * Removes an endpoint, and answers it; the database skips what was on its way to it. From then on neither it nor its
 * deliveries are found. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function deleteWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  const actor = requireWebhookManager(ctx.actor);
  const now = ctx.now();
  const [deleted] = await ctx.db.webhookEndpoint.updateManyAndReturn({
    where: reachableEndpoint(actor, id),
    data: { deletedAt: now, modifiedAt: now },
  });
  return deleted ?? notFound();
}
