import type { Db } from '../db/client.ts';
import type { WebhookEndpoint } from '../db/generated/prisma/client.ts';
import { type AccessTokenActor, reachableOrganizations } from '../seats/access.ts';
import { InvalidInput, ResourceNotFound } from '../seats/errors.ts';

/** The endpoint with this id under the tenant rule. Throws ResourceNotFound for one that does not exist, was deleted or is another's, alike. */
export async function findEndpoint(
  db: Db,
  actor: AccessTokenActor,
  id: string,
): Promise<WebhookEndpoint> {
  const where = { ...reachableOrganizations(actor), id, deletedAt: null };
  return (await db.webhookEndpoint.findFirst({ where })) ?? notFound();
}

/** Says that there is no such endpoint. */
export function notFound(): never {
  throw new ResourceNotFound('Webhook endpoint not found');
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
