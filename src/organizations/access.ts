import { type AccessTokenActor, organizationsInReach, requireAccessToken } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';

/** Requires an actor who may change settings of an organization: an access token with `organizations:write`. */
export function requireSettingsManager(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['organizations:write']);
}

const READING = [
  'organizations:read',
  'organizations:write',
  'customer_seats:read',
  'customer_seats:write',
];

/**
 * Returns whether an actor may read the settings of an organization: an access token that reads or writes organizations or
 * seats.
 */
export function mayReadSettings(actor: Actor, organizationId: string): boolean {
  if (!('scopes' in actor)) return false;
  return (
    organizationsInReach(actor).includes(organizationId) &&
    actor.scopes.some(scope => READING.includes(scope))
  );
}
