import { type AccessTokenActor, organizationsOf, requireAccessToken } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';

/** Passes whoever may change an organization's settings: an access token with `organizations:write`. */
export function requireSettingsManager(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['organizations:write']);
}

const READING = [
  'organizations:read',
  'organizations:write',
  'customer_seats:read',
  'customer_seats:write',
];

/** Whether an organization's settings may be shown: to its access tokens that read or write organizations or seats. */
export function mayReadSettings(actor: Actor, organizationId: string): boolean {
  if (!('scopes' in actor)) return false;
  return (
    organizationsOf(actor).includes(organizationId) &&
    actor.scopes.some(scope => READING.includes(scope))
  );
}
