import { type AccessTokenActor, requireAccessToken } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';

/**
 * Returns an actor that may change webhook endpoints: an access token with `webhooks:write`. Throws Unauthenticated,
 * NotPermitted.
 */
export function requireWebhookManager(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['webhooks:write']);
}

/**
 * Returns an actor that may read webhook endpoints: an access token with `webhooks:read` or `webhooks:write`. Throws
 * Unauthenticated, NotPermitted.
 */
export function requireWebhookReader(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['webhooks:read', 'webhooks:write']);
}
