import type { Db, Tx } from '../db/client.ts';
import { transaction } from '../db/transaction.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import { recordAudit } from './audit.ts';
import type { RecordedActor } from './recorded-actor.ts';

/** A user, by id or by e-mail address. */
export type MembershipUser = { userId: string } | { email: string };

/**
 * Returns the ids of users who may act for an organization: the one with the id, or those with the address,
 * case-insensitive.
 */
export async function usersOf(
  db: Tx,
  organizationId: string,
  user: MembershipUser,
): Promise<string[]> {
  const memberships = await db.organizationMembership.findMany({
    where: {
      organizationId,
      ...('userId' in user
        ? { userId: user.userId }
        : { user: { email: { equals: escaped(user.email.trim()), mode: 'insensitive' } } }),
    },
    select: { userId: true },
    orderBy: { userId: 'asc' },
  });
  return memberships.map(({ userId }) => userId);
}

/** Escapes a text for ILIKE, which Prisma uses for case-insensitive comparison. */
const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/**
 * Ends a user's membership of an organization immediately, in every process. Returns false if there was no membership.
 * The user's tokens stay valid for their other organizations.
 */
export async function removeMembership(
  db: Db,
  membership: { organizationId: string; userId: string },
  by: RecordedActor,
  now: Date,
): Promise<boolean> {
  const { organizationId, userId: subjectId } = membership;
  return await transaction(db, async tx => {
    const { count } = await tx.organizationMembership.deleteMany({ where: membership });
    if (count === 0) return false;
    const user = await tx.user.findUnique({ where: { id: subjectId } });
    const audit = { organizationId, subjectId, subjectLabel: user?.email ?? null, by };
    await recordAudit(tx, { ...audit, type: 'membership_ended' }, now);
    await announceTokenChange(tx);
    return true;
  });
}
