import type { Db, Tx } from '../db/client.ts';
import { transaction } from '../db/transaction.ts';
import { announceTokenChange } from '../events/token-changes.ts';

/** A user, by id or by e-mail address. */
export type MembershipUser = { userId: string } | { email: string };

/** Ids of the users who may act for an organization: the one with the id, or those with the address, whatever its case. */
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

/** Prisma compares without case by ILIKE. */
const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/**
 * Takes an organization out of a user's reach at once, in every process; false where it was not within it. The user's
 * tokens stay good for their other organizations.
 */
export async function removeMembership(
  db: Db,
  membership: { organizationId: string; userId: string },
): Promise<boolean> {
  return await transaction(db, async tx => {
    const { count } = await tx.organizationMembership.deleteMany({ where: membership });
    if (count > 0) await announceTokenChange(tx);
    return count > 0;
  });
}
