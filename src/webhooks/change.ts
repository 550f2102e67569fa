import type { Ctx } from '../context.ts';
import type { Prisma } from '../db/client.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { optimistic } from '../db/optimistic.ts';
import { requireWebhookManager } from './access.ts';
import { findEndpoint } from './find.ts';

/** Lifts the hold of an endpoint whose receiver asked to be left alone: what it is now may know nothing of that. */
export function withoutHold({ leasedBy }: WebhookEndpoint) {
  return leasedBy === null ? { leasedUntil: null } : {};
}

/**
 * Changes an endpoint as `change` says of what was read, now; undefined leaves it as it is. It is read again where somebody
 * else has disabled, enabled or deleted it since, or given it another key.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function changeEndpoint(
  ctx: Ctx,
  id: string,
  change: (
    found: WebhookEndpoint,
    now: Date,
  ) => Prisma.WebhookEndpointUpdateManyMutationInput | undefined,
): Promise<WebhookEndpoint> {
  const actor = requireWebhookManager(ctx.actor);
  return await optimistic(async () => {
    const found = await findEndpoint(ctx.db, actor, id);
    const now = ctx.now();
    const data = change(found, now);
    if (data === undefined) return found;
    const { organizationId, disabledAt, secret, leasedBy } = found;
    // A hold can be lifted, a lease that a process has by now cannot.
    const unleased = data.leasedUntil === undefined ? {} : { leasedBy };
    const [changed] = await ctx.db.webhookEndpoint.updateManyAndReturn({
      where: { organizationId, id, deletedAt: null, disabledAt, secret, ...unleased },
      data: { ...data, modifiedAt: now },
    });
    return changed;
  });
}
