import { isDeepStrictEqual } from 'node:util';
import { recordAudit } from '../auth/audit.ts';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import type { Prisma } from '../db/client.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import type { AuditEventType } from '../db/generated/prisma/enums.ts';
import { optimistic } from '../db/optimistic.ts';
import { transaction } from '../db/transaction.ts';
import { requireWebhookManager } from './access.ts';
import { findEndpoint } from './find.ts';

/**
 * Returns the change that ends an endpoint's backoff, which its receiver requested with `Retry-After`. A new URL starts
 * without one.
 */
export function withoutBackoff({ leasedBy }: WebhookEndpoint) {
  return leasedBy === null ? { leasedUntil: null } : {};
}

/**
 * Updates an endpoint with what `change` returns for the row that was read, and returns it. If `change` returns undefined,
 * the endpoint stays as it is. A concurrent change of its state or its secret makes this read the row again.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function changeEndpoint(
  ctx: Ctx,
  { id, type }: { id: string; type: AuditEventType },
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
    const { organizationId, disabledAt, secret, sealedSecret, leasedBy } = found;
    // Only a backoff may be cleared. If a process has leased the endpoint since the read, the update must not match.
    const unleased = data.leasedUntil === undefined ? {} : { leasedBy };
    return await transaction(ctx.db, async tx => {
      const [changed] = await tx.webhookEndpoint.updateManyAndReturn({
        where: {
          organizationId,
          id,
          deletedAt: null,
          disabledAt,
          secret,
          sealedSecret,
          ...unleased,
        },
        data: { ...data, modifiedAt: now },
      });
      if (changed === undefined) return undefined;
      const isUpdate = type === 'webhook_endpoint_updated';
      const changes = isUpdate
        ? VALUES.filter(name => !isDeepStrictEqual(found[name], changed[name]))
        : [];
      if (isUpdate && changes.length === 0) return changed;
      const by = recordActor(actor, ctx.channel);
      await recordAudit(tx, { ...auditOf(changed), type, changes, by }, now);
      return changed;
    });
  });
}

const VALUES = ['url', 'events'] as const;

/** Returns the part of an audit record that identifies the endpoint. */
export function auditOf({ organizationId, id, url }: WebhookEndpoint) {
  return { organizationId, subjectId: id, subjectLabel: url };
}
