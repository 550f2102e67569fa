import type { Ctx } from '../context.ts';
import type { Statement } from '../db/sql.ts';
import { organizationsOf } from '../seats/access.ts';
import { requireWebhookManager } from './access.ts';
import type { EndpointWithSecret } from './create.ts';
import { findEndpoint, notFound } from './find.ts';
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
  const now = ctx.now();
  const until = new Date(now.getTime() + OVERLAP_MS);
  const organizations = organizationsOf(actor);
  const rotated = await ctx.sql.change(ROTATE, [organizations, id, secret, until, now]);
  if (rotated.length === 0) notFound();
  return { endpoint: await findEndpoint(ctx.db, actor, id), secret };
}

// In one statement, so that of two at once the later keeps what the earlier gave.
const ROTATE: Statement = {
  name: 'rotate_webhook_secret',
  text: `
    UPDATE webhook_endpoints
       SET previous_secret = secret, previous_secret_expires_at = $4::timestamptz,
           secret = $3, modified_at = $5::timestamptz
     WHERE organization_id = ANY($1::uuid[]) AND id = $2::uuid AND deleted_at IS NULL
    RETURNING id`,
};
