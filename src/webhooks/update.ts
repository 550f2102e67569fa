import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { requireWebhookManager } from './access.ts';
import { changeEndpoint, withoutHold } from './change.ts';
import { requireEndpointUrl } from './endpoint-url.ts';
import { requireEvents, type WebhookEvent } from './event-types.ts';

export interface UpdateWebhookEndpointInput {
  id: string;
  /** Left out, it stays. */
  url?: string | undefined;
  /** The whole list; left out, it stays. */
  events?: readonly WebhookEvent[] | undefined;
}

/**
 * Changes where an endpoint's events are sent, and which. What is on its way already goes to the new address, whatever
 * its type. Throws Unauthenticated, NotPermitted, InvalidInput, ResourceNotFound.
 */
export async function updateWebhookEndpoint(
  ctx: Ctx,
  { id, url, events }: UpdateWebhookEndpointInput,
): Promise<WebhookEndpoint> {
  requireWebhookManager(ctx.actor);
  if (url !== undefined) requireEndpointUrl(url, { allowPrivate: ctx.webhookPrivateAddresses });
  if (events !== undefined) requireEvents(events);
  return await changeEndpoint(ctx, id, found => ({
    ...(url !== undefined && { url, ...withoutHold(found) }),
    ...(events !== undefined && { events: [...events] }),
  }));
}
