import { randomUUID } from 'node:crypto';
import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { organizationOf } from '../seats/access.ts';
import { InvalidInput } from '../seats/errors.ts';
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
  const endpoint = await transaction(ctx.db, async tx => {
    await requireRoom(tx, owner);
    return await tx.webhookEndpoint.create({
      data: {
        id: randomUUID(),
        organizationId: owner,
        createdAt: ctx.now(),
        url,
        secret: newSecret(),
        events: [...events],
      },
    });
  });
  return { endpoint, secret: endpoint.secret };
}

/** Counts an organization's endpoints while nobody else can add one. Throws InvalidInput where there are enough. */
async function requireRoom(tx: Tx, organizationId: string): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM organizations WHERE id = ${organizationId}::uuid FOR NO KEY UPDATE`;
  const count = await tx.webhookEndpoint.count({ where: { organizationId, deletedAt: null } });
  if (count < MOST_ENDPOINTS) return;
  const message = `An organization has at most ${MOST_ENDPOINTS} webhook endpoints; delete one first.`;
  throw new InvalidInput([{ path: ['organizationId'], code: 'TOO_MANY', message }]);
}
