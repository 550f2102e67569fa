import { type AccessTokenActor, reachableOrganizations } from '../auth/access.ts';
import type { Tx } from '../db/client.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { InvalidInput, ResourceNotFound } from '../domain/errors.ts';

/**
 * Returns the endpoint with this id. Throws ResourceNotFound if it does not exist, is deleted, or belongs to an organization
 * that the actor cannot reach.
 */
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
 * Returns the endpoint with this id, locked against changes until the transaction ends. A transaction that creates a
 * delivery takes this lock, so that a concurrent request to disable or delete the endpoint waits and then skips the
 * delivery. Throws ResourceNotFound.
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

/** Throws InvalidInput if the endpoint is disabled. */
export function requireEnabled(
  { disabledAt }: Pick<WebhookEndpoint, 'disabledAt'>,
  path: readonly string[],
): void {
  if (disabledAt === null) return;
  const message = 'The endpoint is disabled; enable it first.';
  throw new InvalidInput([{ path, code: 'DISABLED', message }]);
}
