import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { requireWebhookManager } from './access.ts';
import { findEndpoint, reachableEndpoint } from './find.ts';

/**
 * Sends a disabled endpoint the events that happen from now on, and counts its failures anew. An enabled endpoint is
 * answered as it is. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function enableWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  const actor = requireWebhookManager(ctx.actor);
  const [enabled] = await ctx.db.webhookEndpoint.updateManyAndReturn({
    where: { ...reachableEndpoint(actor, id), disabledAt: { not: null } },
    data: { disabledAt: null, consecutiveFailures: 0, modifiedAt: ctx.now() },
  });
  return enabled ?? (await findEndpoint(ctx.db, actor, id));
}
