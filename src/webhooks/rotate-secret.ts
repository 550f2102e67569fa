import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { requireWebhookManager } from './access.ts';
import type { EndpointWithSecret } from './create.ts';
import { findEndpoint } from './find.ts';
import { newSecret } from './secret.ts';

/** How long the key before goes on signing, so that receivers have time to learn the new one. */
const OVERLAP_MS = 24 * 60 * 60 * 1000;

/**
 * Gives an endpoint a new key. The one before signs besides for 24 hours, or until the next rotation: never more than
 * two keys sign. Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function rotateWebhookSecret(ctx: Ctx, id: string): Promise<EndpointWithSecret> {
  const actor = requireWebhookManager(ctx.actor);
  const secret = newSecret();
  const endpoint = await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const { organizationId } = await findEndpoint(tx, actor, id);
    const until = new Date(now.getTime() + OVERLAP_MS);
    // In one statement, so that of two at once the later keeps what the earlier gave.
    await tx.$executeRaw`
      UPDATE webhook_endpoints
         SET previous_secret = secret, previous_secret_expires_at = ${until}::timestamptz,
             secret = ${secret}, modified_at = ${now}::timestamptz
       WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid AND deleted_at IS NULL`;
    return await findEndpoint(tx, actor, id);
  });
  return { endpoint, secret };
}
