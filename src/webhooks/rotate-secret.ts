import type { Ctx } from '../context.ts';
import { changeEndpoint } from './change.ts';
import type { EndpointWithSecret } from './create.ts';
import { sealSecret } from './sealed-secret.ts';
import { newSecret } from './secret.ts';
import { sealedColumns } from './stored-secrets.ts';

/** Time for which the previous secret still signs, so that receivers can switch to the new one. */
const OVERLAP_MS = 24 * 60 * 60 * 1000;

const NO_PLAIN_SECRETS = { secret: '', previousSecret: null };

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
    (found, now) => ({
      ...NO_PLAIN_SECRETS,
      sealedSecret: sealSecret(ctx.secretKey, found.id, secret),
      sealedPreviousSecret: sealedColumns(ctx, found).sealedSecret,
      previousSecretExpiresAt: new Date(now.getTime() + OVERLAP_MS),
    }),
  );
  return { endpoint, secret };
}
