import { randomUUID } from 'node:crypto';
import { organizationOf } from '../auth/access.ts';
import type { Ctx } from '../context.ts';
import type { Db } from '../db/client.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { optimistic } from '../db/optimistic.ts';
import { InvalidInput } from '../domain/errors.ts';
import { requireWebhookManager } from './access.ts';
import { requireEndpointUrl } from './endpoint-url.ts';
import { requireEvents, type WebhookEvent } from './event-types.ts';
import { newSecret } from './secret.ts';

/** How many endpoints an organization may have: each event is sent to all of them. */
export const MOST_ENDPOINTS = 20;

/** An endpoint and the key that signs what it is sent, which is shown when it is made and never again. */
export interface EndpointWithSecret {
  endpoint: WebhookEndpoint;
  secret: string;
}

export interface CreateWebhookEndpointInput {
  /** Left out, the only organization that the token acts for. */
  organizationId?: string | null | undefined;
  url: string;
  events: readonly WebhookEvent[];
}

/**
 * Makes an endpoint, which is sent every event from now on that it names. An organization has 20 of them at the most.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, InvalidInput.
 */
export async function createWebhookEndpoint(
  ctx: Ctx,
  { organizationId, url, events }: CreateWebhookEndpointInput,
): Promise<EndpointWithSecret> {
  const actor = requireWebhookManager(ctx.actor);
  const owner = organizationOf(actor, organizationId);
  requireEndpointUrl(url, { allowPrivate: ctx.webhookPrivateAddresses });
  requireEvents(events);
  const wanted = { id: randomUUID(), organizationId: owner, url, events: [...events] };
  return await optimistic(
    async () => {
      const slot = await freeSlot(ctx.db, owner);
      const endpoint = await ctx.db.webhookEndpoint.create({
        data: { ...wanted, createdAt: ctx.now(), secret: newSecret(), slot },
      });
      return { endpoint, secret: endpoint.secret };
    },
    // Somebody else has just got the slot.
    { constraints: ['webhook_endpoints_slot_key'] },
  );
}

/** The lowest slot that none of an organization's endpoints has. Throws InvalidInput where there are as many as may be. */
async function freeSlot(db: Db, organizationId: string): Promise<number> {
  const endpoints = await db.webhookEndpoint.findMany({
    where: { organizationId, deletedAt: null },
    select: { slot: true },
  });
  if (endpoints.length >= MOST_ENDPOINTS) {
    const message = `An organization has at most ${MOST_ENDPOINTS} webhook endpoints; delete one first.`;
    throw new InvalidInput([{ path: ['organizationId'], code: 'TOO_MANY', message }]);
  }
  const taken = new Set(endpoints.map(({ slot }) => slot));
  let slot = 1;
  while (taken.has(slot)) slot++;
  return slot;
}
