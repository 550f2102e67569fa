import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { changeEndpoint } from './change.ts';

/**
 * Disables an endpoint and returns it. A database trigger skips its pending deliveries; they can be redelivered after the
 * endpoint is enabled again. A disabled endpoint stays as it is. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function disableWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  return await changeEndpoint(
    ctx,
    { id, type: 'webhook_endpoint_disabled' },
    ({ disabledAt }, now) => (disabledAt === null ? { disabledAt: now } : undefined),
  );
}
