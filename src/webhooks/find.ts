import type { Tx } from '../db/client.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { type AccessTokenActor, reachableOrganizations } from '../seats/access.ts';
import { InvalidInput, ResourceNotFound } from '../seats/errors.ts';

/** The endpoint with this id under the tenant rule. Throws ResourceNotFound for one that does not exist, was deleted or is another's, alike. */
export async function findEndpoint(
  tx: Tx,
  actor: AccessTokenActor,
  id: string,
): Promise<WebhookEndpoint> {
  const found = await tx.webhookEndpoint.findFirst({
    where: { ...reachableOrganizations(actor), id, deletedAt: null },
  });
  return found ?? notFound();
}

/**
 * Keeps an endpoint as it is to the end of the transaction, so that what is made ready for it is seen by whoever
 * disables it. Throws ResourceNotFound where it was deleted, and InvalidInput where it is disabled.
 */
export async function holdEnabled(
  tx: Tx,
  { organizationId, id }: Pick<WebhookEndpoint, 'organizationId' | 'id'>,
  path: readonly string[],
): Promise<void> {
  const [endpoint] = await tx.$queryRaw<{ isDisabled: boolean }[]>`
    SELECT disabled_at IS NOT NULL AS "isDisabled"
      FROM webhook_endpoints
     WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid AND deleted_at IS NULL
       FOR SHARE`;
  if (endpoint === undefined) notFound();
  if (endpoint.isDisabled) {
    const message = 'The endpoint is disabled; enable it first.';
    throw new InvalidInput([{ path, code: 'DISABLED', message }]);
  }
}

function notFound(): never {
  throw new ResourceNotFound('Webhook endpoint not found');
}
