import { organizationOf } from '../auth/access.ts';
import { type MembershipUser, removeMembership, usersOf } from '../auth/memberships.ts';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import { InvalidInput, ResourceNotFound } from '../domain/errors.ts';
import { requireSettingsManager } from './access.ts';

/** An ended membership. */
export interface EndedMembership {
  organizationId: string;
  userId: string;
}

/**
 * Ends a user's membership of an organization: their personal tokens no longer act for it.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput if several users have the address.
 */
export async function endMembership(
  ctx: Ctx,
  organizationId: string | null | undefined,
  user: MembershipUser,
): Promise<EndedMembership> {
  const actor = requireSettingsManager(ctx.actor);
  const resolvedId = organizationOf(actor, organizationId);
  const [userId, ...others] = await usersOf(ctx.db, resolvedId, user);
  if (userId === undefined) throw new ResourceNotFound('Membership not found');
  if (others.length > 0) {
    const message = `Several users have this address. Name one by id: ${[userId, ...others].join(', ')}`;
    throw new InvalidInput([{ path: ['user', 'email'], code: 'AMBIGUOUS', message }]);
  }
  const membership = { organizationId: resolvedId, userId };
  const isEnded = await removeMembership(
    ctx.db,
    membership,
    recordActor(actor, ctx.channel),
    ctx.now(),
  );
  ctx.actors.forgetUser(userId);
  if (!isEnded) throw new ResourceNotFound('Membership not found');
  return membership;
}
