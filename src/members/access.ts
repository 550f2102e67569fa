import { type KnownActor, requireManager } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';
import { NotPermitted } from '../domain/errors.ts';

/**
 * Requires an actor who may change and remove members: a token with `members:write`, a customer, an owner or a billing
 * manager.
 */
export function requireMemberManager(actor: Actor): KnownActor {
  return requireManager(actor, ['members:write']);
}

/** Requires a member manager who may change, remove or appoint the owner: any except billing managers. */
export function requireOwnerRights(actor: KnownActor): void {
  if (actor.kind === 'member' && actor.role !== 'owner') {
    throw new NotPermitted('Billing managers cannot change or remove the owner, nor make another.');
  }
}
