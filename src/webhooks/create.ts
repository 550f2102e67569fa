import { randomUUID } from 'node:crypto';
import { organizationOf } from '../auth/access.ts';
import { recordAudit } from '../auth/audit.ts';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { optimistic } from '../db/optimistic.ts';
import { transaction } from '../db/transaction.ts';
import { InvalidInput } from '../domain/errors.ts';
import { requireWebhookManager } from './access.ts';
import { auditOf } from './change.ts';
import { requireEndpointUrl } from './endpoint-url.ts';
import { requireEvents, type WebhookEvent } from './event-types.ts';
import { sealSecret } from './sealed-secret.ts';
import { newSecret } from './secret.ts';

/** Most endpoints of one organization. usher sends each event to all of them. */
export const MAX_ENDPOINTS = 20;

/** An endpoint and its signing secret. usher shows the secret only when it creates it. */
export interface EndpointWithSecret {
  endpoint: WebhookEndpoint;
  secret: string;
}

export interface CreateWebhookEndpointInput {
  /** May be omitted if the token acts for one organization only. */
  organizationId?: string | null | undefined;
  url: string;
  events: readonly WebhookEvent[];
}

/**
 * Creates an endpoint. It receives the later events whose types it lists. An organization has at most 20 endpoints.
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
  const id = randomUUID();
  const secret = newSecret();
  const sealedSecret = sealSecret(ctx.secretKey, id, secret);
  const values = { id, organizationId: owner, url, events: [...events], sealedSecret };
  return await optimistic(
    () =>
      transaction(ctx.db, async tx => {
        const now = ctx.now();
        const slot = await freeSlot(tx, owner);
        const endpoint = await tx.webhookEndpoint.create({
          data: { ...values, createdAt: now, slot },
        });
        const by = recordActor(actor, ctx.channel);
        await recordAudit(tx, { ...auditOf(endpoint), type: 'webhook_endpoint_created', by }, now);
        return { endpoint, secret };
      }),
    // A concurrent request took the slot.
    { constraints: ['webhook_endpoints_slot_key'] },
  );
}

/** Returns the organization's lowest free slot. Throws InvalidInput if all slots are taken. */
async function freeSlot(db: Tx, organizationId: string): Promise<number> {
  const endpoints = await db.webhookEndpoint.findMany({
    where: { organizationId, deletedAt: null },
    select: { slot: true },
  });
  if (endpoints.length >= MAX_ENDPOINTS) {
    const message = `An organization has at most ${MAX_ENDPOINTS} webhook endpoints; delete one first.`;
    throw new InvalidInput([{ path: ['organizationId'], code: 'TOO_MANY', message }]);
  }
  const taken = new Set(endpoints.map(({ slot }) => slot));
  let slot = 1;
  while (taken.has(slot)) slot++;
  return slot;
}
