import type { Ctx } from '../context.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { requireWebhookManager } from './access.ts';
import { changeEndpoint, withoutBackoff } from './change.ts';
import { requireEndpointUrl } from './endpoint-url.ts';
import { requireEvents, type WebhookEvent } from './event-types.ts';

export interface UpdateWebhookEndpointInput {
  id: string;
  /** If omitted, the URL stays. */
  url?: string | undefined;
  /** The complete list. If omitted, the list stays. */
  events?: readonly WebhookEvent[] | undefined;
}

/**
 * Changes the URL or the event types of an endpoint. Pending deliveries of any type go to the new URL. Throws
 * Unauthenticated, NotPermitted, InvalidInput, ResourceNotFound.
 */
export async function updateWebhookEndpoint(
  ctx: Ctx,
  { id, url, events }: UpdateWebhookEndpointInput,
): Promise<WebhookEndpoint> {
  requireWebhookManager(ctx.actor);
  if (url !== undefined) requireEndpointUrl(url, { allowPrivate: ctx.webhookPrivateAddresses });
  if (events !== undefined) requireEvents(events);
  return await changeEndpoint(ctx, { id, type: 'webhook_endpoint_updated' }, found => ({
    ...(url !== undefined && { url, ...withoutBackoff(found) }),
    ...(events !== undefined && { events: [...events] }),
  }));
}
