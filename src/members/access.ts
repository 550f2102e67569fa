import { type KnownActor, requireManager } from '../auth/access.ts';
import type { Actor } from '../auth/actor.ts';
import { NotPermitted } from '../domain/errors.ts';

/** Passes whoever may change and remove members: a token with `members:write`, a customer, an owner, a billing manager. */
export function requireMemberManager(actor: Actor): KnownActor {
  return requireManager(actor, ['members:write']);
}

/** Of those, passes whoever may touch the owner, or make another: all but billing managers. */
export function requireOwnersRights(actor: KnownActor): void {
  if (actor.kind === 'member' && actor.role !== 'owner') {
    throw new NotPermitted('Billing managers cannot change or remove the owner, nor make another.');
  }
}
