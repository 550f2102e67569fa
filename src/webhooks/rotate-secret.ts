import type { Ctx } from '../context.ts';
import { changeEndpoint } from './change.ts';
import type { EndpointWithSecret } from './create.ts';
import { newSecret } from './secret.ts';

/** Time for which the previous secret still signs, so that receivers can switch to the new one. */
const OVERLAP_MS = 24 * 60 * 60 * 1000;

/**
 * Gives an endpoint a new secret. Both secrets sign for 24 hours or until the next rotation, so at most two sign. Of two
 * concurrent rotations, the later one keeps the secret of the earlier one as the previous secret.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound.
 */
export async function rotateWebhookSecret(ctx: Ctx, id: string): Promise<EndpointWithSecret> {
  const secret = newSecret();
  const endpoint = await changeEndpoint(
    ctx,
    { id, type: 'webhook_secret_rotated' },
    ({ secret: previousSecret }, now) => ({
      secret,
      previousSecret,
      previousSecretExpiresAt: new Date(now.getTime() + OVERLAP_MS),
    }),
  );
  return { endpoint, secret };
}
