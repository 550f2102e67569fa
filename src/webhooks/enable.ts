import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { changeEndpoint, withoutHold } from './change.ts';

/**
 * Sends a disabled endpoint the events that happen from now on, and counts its failures anew. An enabled endpoint is
 * answered as it is. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function enableWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  return await changeEndpoint(ctx, id, found =>
    found.disabledAt === null
      ? undefined
      : { disabledAt: null, consecutiveFailures: 0, ...withoutHold(found) },
  );
}
