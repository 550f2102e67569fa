import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { changeEndpoint, withoutBackoff } from './change.ts';

/**
 * Enables an endpoint and returns it. It receives later events, and its count of failures starts from zero. An enabled
 * endpoint stays as it is. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function enableWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  return await changeEndpoint(ctx, { id, type: 'webhook_endpoint_enabled' }, found =>
    found.disabledAt === null
      ? undefined
      : { disabledAt: null, consecutiveFailures: 0, ...withoutBackoff(found) },
  );
}
