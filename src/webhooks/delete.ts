import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { changeEndpoint } from './change.ts';

/**
 * Removes an endpoint, and answers it; the database skips what was on its way to it. From then on neither it nor its
 * deliveries are found. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function deleteWebhookEndpoint(ctx: Ctx, id: string): Promise<WebhookEndpoint> {
  // An import may bring it back, when somebody else has its slot.
  return await changeEndpoint(ctx, id, (_found, now) => ({ deletedAt: now, slot: null }));
}
