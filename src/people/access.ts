import { type AccessTokenActor, requireAccessToken } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';

/**
 * Requires an actor who may read all data about a person: an access token with `personal_data:read` or
 * `personal_data:write`.
 */
export function requirePersonalDataReader(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['personal_data:read', 'personal_data:write']);
}

/** Requires an actor who may erase a person: an access token with `personal_data:write`. */
export function requirePersonalDataManager(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['personal_data:write']);
}
