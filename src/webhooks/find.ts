import { type AccessTokenActor, reachableOrganizations } from '../auth/access.ts';
import type { Tx } from '../db/client.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { InvalidInput, ResourceNotFound } from '../domain/errors.ts';

/** The endpoint with this id under the tenant rule. Throws ResourceNotFound for one that does not exist, was deleted or is another's, alike. */
export async function findEndpoint(
  tx: Tx,
  actor: AccessTokenActor,
  id: string,
): Promise<WebhookEndpoint> {
  const where = { ...reachableOrganizations(actor), id, deletedAt: null };
  const endpoint = await tx.webhookEndpoint.findFirst({ where });
  if (endpoint === null) throw new ResourceNotFound('Webhook endpoint not found');
  return endpoint;
}

/**
 * `findEndpoint`, as the endpoint stays until the transaction ends. Whoever makes a delivery holds this lock, so that a
 * request that disables or deletes the endpoint waits, and then skips the delivery.
 */
export async function lockEndpoint(
  tx: Tx,
  actor: AccessTokenActor,
  id: string,
): Promise<WebhookEndpoint> {
  const { organizationId } = await findEndpoint(tx, actor, id);
  await tx.$queryRaw`
    SELECT 1 FROM webhook_endpoints
     WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid
       FOR SHARE`;
  return await findEndpoint(tx, actor, id);
}

/** Throws InvalidInput for an endpoint that is disabled. */
export function requireEnabled(
  { disabledAt }: Pick<WebhookEndpoint, 'disabledAt'>,
  path: readonly string[],
): void {
  if (disabledAt === null) return;
  const message = 'The endpoint is disabled; enable it first.';
  throw new InvalidInput([{ path, code: 'DISABLED', message }]);
}
