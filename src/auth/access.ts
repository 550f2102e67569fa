import type { Prisma } from '../db/client.ts';
import {
  InsufficientScope,
  InvalidInput,
  NotPermitted,
  ResourceNotFound,
  Unauthenticated,
} from '../domain/errors.ts';
import type { Actor } from './actor.ts';

/** An authenticated actor. */
export type KnownActor = Exclude<Actor, { kind: 'anonymous' }>;

/**
 * Requires an actor who may assign, revoke and resend: a token with `customer_seats:write`, a customer, an owner or a
 * billing manager.
 */
export function requireSeatManager(actor: Actor): KnownActor {
  return requireManager(actor, ['customer_seats:write']);
}

/** Requires a token with one of the scopes, a customer, an owner or a billing manager. */
export function requireManager(actor: Actor, scopes: readonly string[]): KnownActor {
  const known = requireScope(actor, scopes);
  if (known.kind === 'member' && known.role === 'member') {
    throw new NotPermitted('Only owners and billing managers can access billing features.');
  }
  return known;
}

const READ_SEATS = ['customer_seats:read', 'customer_seats:write'] as const;

/** Requires an actor who may read seats: a token that reads or writes seats, a customer or any member. */
export function requireSeatReader(actor: Actor): KnownActor {
  return requireScope(actor, READ_SEATS);
}

/** Returns whether an actor may read seats: see `requireSeatReader`. */
export function mayReadSeats(actor: Actor): actor is KnownActor {
  return actor.kind !== 'anonymous' && hasScope(actor, READ_SEATS);
}

/** Requires an actor who may create sessions: a token with `customer_sessions:write`. */
export function requireSessionManager(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['customer_sessions:write']);
}

/** Requires an actor who may report the state of the billing system: a token with `billing:write`. */
export function requireBillingSystem(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['billing:write']);
}

/** An actor with an access token: an organization, or a user who acts for organizations. */
export type AccessTokenActor = Extract<KnownActor, { scopes: readonly string[] }>;

/** Requires an access token with one of the scopes; refuses sessions. */
export function requireAccessToken(actor: Actor, scopes: readonly string[]): AccessTokenActor {
  const known = requireScope(actor, scopes);
  if ('customerId' in known) throw new NotPermitted('This needs an access token.');
  return known;
}

/**
 * Returns the organization that an actor acts for: the given one, or the only one that the actor can access.
 * Throws ResourceNotFound for any other organization, and InvalidInput if the organization is required and missing.
 */
export function organizationOf(
  actor: KnownActor,
  organizationId?: string | null,
  argument = 'organizationId',
): string {
  const reachable = organizationsInReach(actor);
  const [only, ...others] = reachable;
  if (organizationId === undefined || organizationId === null) {
    if (only !== undefined && others.length === 0) return only;
    const message = 'Name the organization: this token acts for several, or for none.';
    throw new InvalidInput([{ path: [argument], code: 'REQUIRED', message }]);
  }
  if (!reachable.includes(organizationId)) throw new ResourceNotFound('Organization not found');
  return organizationId;
}

/** Requires a token with one of the scopes, or any session. The rights of a session depend on its subject. */
function requireScope(actor: Actor, scopes: readonly string[]): KnownActor {
  if (actor.kind === 'anonymous') throw new Unauthenticated();
  if (!hasScope(actor, scopes)) throw new InsufficientScope(scopes);
  return actor;
}

/** Returns whether an actor is a session, or a token with one of the scopes. */
function hasScope(actor: KnownActor, scopes: readonly string[]): boolean {
  return !('scopes' in actor) || scopes.some(scope => actor.scopes.includes(scope));
}

/** Returns the ids of the organizations that an actor can access. */
export function organizationsInReach(actor: KnownActor): readonly string[] {
  return actor.kind === 'user' ? actor.organizationIds : [actor.organizationId];
}

/** Returns the customer of a session, the only one that it can access; null for an access token. */
export function sessionCustomerOf(actor: KnownActor): string | null {
  return 'customerId' in actor ? actor.customerId : null;
}

/** Returns the filter for the organizations that an actor can access. */
export function reachableOrganizations(actor: KnownActor): {
  organizationId: string | { in: string[] };
} {
  return {
    organizationId:
      actor.kind === 'user' ? { in: [...actor.organizationIds] } : actor.organizationId,
  };
}

/**
 * Returns the tenant rule for rows of a customer (pools, members): the organizations of a token, or the customer of a
 * session.
 */
export function ownedBy(actor: KnownActor): {
  organizationId: string | { in: string[] };
  customerId?: string;
} {
  const organizations = reachableOrganizations(actor);
  return 'customerId' in actor ? { ...organizations, customerId: actor.customerId } : organizations;
}

/** Returns whether an actor may read a loaded row, by the tenant rule. */
export function mayRead(
  actor: Actor,
  row: { organizationId: string; customerId: string } | null,
): boolean {
  if (row === null || actor.kind === 'anonymous') return false;
  if (actor.kind === 'user') return actor.organizationIds.includes(row.organizationId);
  return (
    actor.organizationId === row.organizationId &&
    (!('customerId' in actor) || actor.customerId === row.customerId)
  );
}

/** Returns the tenant rule for seats: the seats of all pools that the actor can access. */
export function seatsOf(actor: KnownActor): Prisma.CustomerSeatWhereInput {
  const { customerId, ...organizations } = ownedBy(actor);
  return customerId === undefined
    ? organizations
    : { ...organizations, OR: [{ subscription: { customerId } }, { order: { customerId } }] };
}
