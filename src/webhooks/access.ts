import { type AccessTokenActor, requireAccessToken } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';

/** Passes whoever may change webhook endpoints: an access token with `webhooks:write`. */
export function requireWebhookManager(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['webhooks:write']);
}

/** Passes whoever may see webhook endpoints: an access token that reads or writes them. */
export function requireWebhookReader(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['webhooks:read', 'webhooks:write']);
}
