import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { changeEndpoint } from './change.ts';

/**
 * Deletes an endpoint and returns it. A database trigger skips its pending deliveries. Afterwards neither the endpoint nor
 * its deliveries are found. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function deleteWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  // Another endpoint may take the slot before an import restores this one.
  return await changeEndpoint(ctx, { id, type: 'webhook_endpoint_deleted' }, (_found, now) => ({
    deletedAt: now,
    slot: null,
  }));
}
