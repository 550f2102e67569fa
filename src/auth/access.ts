import type { Prisma } from '../db/client.ts';
import {
  InsufficientScope,
  InvalidInput,
  NotPermitted,
  ResourceNotFound,
  Unauthenticated,
} from '../domain/errors.ts';
import type { Actor } from './actor.ts';

/** An actor that stands for somebody. */
export type KnownActor = Exclude<Actor, { kind: 'anonymous' }>;

/** Passes whoever may assign, revoke and resend: a token with `customer_seats:write`, a customer, an owner, a billing manager. */
export function requireSeatManager(actor: Actor): KnownActor {
  return requireManager(actor, ['customer_seats:write']);
}

/** Passes a token that has one of the scopes, a customer, an owner, a billing manager. */
export function requireManager(actor: Actor, scopes: readonly string[]): KnownActor {
  const known = requireScope(actor, scopes);
  if (known.kind === 'member' && known.role === 'member') {
    throw new NotPermitted('Only owners and billing managers can access billing features.');
  }
  return known;
}

/** Passes whoever may see seats: a token that reads or writes them, a customer, any member. */
export function requireSeatReader(actor: Actor): KnownActor {
  return requireScope(actor, ['customer_seats:read', 'customer_seats:write']);
}

/** Passes whoever may begin a session for a customer: a token with `customer_sessions:write`. */
export function requireSessionMaker(actor: Actor): AccessTokenActor {
  return requireAccessToken(actor, ['customer_sessions:write']);
}

/** An actor with an access token: an organization, or a person who acts for organizations. */
export type AccessTokenActor = Extract<KnownActor, { scopes: readonly string[] }>;

/** Passes an access token that has one of the scopes, and no session. */
export function requireAccessToken(actor: Actor, scopes: readonly string[]): AccessTokenActor {
  const known = requireScope(actor, scopes);
  if ('customerId' in known) throw new NotPermitted('This needs an access token.');
  return known;
}

/** The organizations that an access token can act for. */
export function organizationsOf(actor: AccessTokenActor): readonly string[] {
  return actor.kind === 'user' ? actor.organizationIds : [actor.organizationId];
}

/**
 * The organization that an access token is to act for: the one named, or, where none is named, the only one there is.
 * Throws ResourceNotFound for one out of reach, and InvalidInput where it has to be named.
 */
export function organizationOf(actor: AccessTokenActor, organizationId?: string | null): string {
  const reachable = organizationsOf(actor);
  const [only, ...others] = reachable;
  if (organizationId === undefined || organizationId === null) {
    if (only !== undefined && others.length === 0) return only;
    const message = 'Name the organization: this token acts for several, or for none.';
    throw new InvalidInput([{ path: ['organizationId'], code: 'REQUIRED', message }]);
  }
  if (!reachable.includes(organizationId)) throw new ResourceNotFound('Organization not found');
  return organizationId;
}

/** Passes a token that has one of the scopes, and every session: its rights come with its subject. */
function requireScope(actor: Actor, scopes: readonly string[]): KnownActor {
  if (actor.kind === 'anonymous') throw new Unauthenticated();
  if ('scopes' in actor && !scopes.some(scope => actor.scopes.includes(scope))) {
    throw new InsufficientScope(scopes);
  }
  return actor;
}

/** The organizations whose rows an actor can reach. */
export function organizationsInReach(actor: KnownActor): readonly string[] {
  return actor.kind === 'user' ? actor.organizationIds : [actor.organizationId];
}

/** The organizations whose rows the actor can reach at all. */
export function reachableOrganizations(actor: KnownActor): {
  organizationId: string | { in: string[] };
} {
  return {
    organizationId:
      actor.kind === 'user' ? { in: [...actor.organizationIds] } : actor.organizationId,
  };
}

/** The tenant rule for what belongs to a customer (pools, members): an admin's organizations, or a session's own customer. */
export function ownedBy(actor: KnownActor): {
  organizationId: string | { in: string[] };
  customerId?: string;
} {
  const organizations = reachableOrganizations(actor);
  return 'customerId' in actor ? { ...organizations, customerId: actor.customerId } : organizations;
}

/** The tenant rule for a row that is at hand, such as one that another row leads to. */
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

/** The tenant rule for seats: those of the pools that the actor can reach. */
export function seatsOf(actor: KnownActor): Prisma.CustomerSeatWhereInput {
  const { customerId, ...organizations } = ownedBy(actor);
  return customerId === undefined
    ? organizations
    : { ...organizations, OR: [{ subscription: { customerId } }, { order: { customerId } }] };
}
