import type { Ctx } from '../context.ts';
import { changeEndpoint } from './change.ts';
import type { EndpointWithSecret } from './create.ts';
import { newSecret } from './secret.ts';

/** How long the key before goes on signing, so that receivers have time to learn the new one. */
const OVERLAP_MS = 24 * 60 * 60 * 1000;

/**
 * Gives an endpoint a new key. The one before signs besides for 24 hours, or until the next rotation: never more than
 * two keys sign. Of two rotations at once the later keeps what the earlier gave.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function rotateWebhookSecret(ctx: Ctx, id: string): Promise<EndpointWithSecret> {
  const secret = newSecret();
  const endpoint = await changeEndpoint(ctx, id, ({ secret: previousSecret }, now) => ({
    secret,
    previousSecret,
    previousSecretExpiresAt: new Date(now.getTime() + OVERLAP_MS),
  }));
  return { endpoint, secret };
}
