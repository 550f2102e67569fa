import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { changeEndpoint } from './change.ts';

/**
 * Stops sending an endpoint events; the database skips those on their way to it, which can be redelivered once it is
 * enabled again. A disabled endpoint is answered as it is. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function disableWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  return await changeEndpoint(ctx, id, ({ disabledAt }, now) =>
    disabledAt === null ? { disabledAt: now } : undefined,
  );
}
