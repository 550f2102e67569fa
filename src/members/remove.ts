import { endMemberSessions } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import { InvalidInput } from '../seats/errors.ts';
import { revokeLocked } from '../seats/revoke.ts';
import { type SeatView, WITH_HOLDER } from '../seats/view.ts';
import { requireMemberManager, requireOwnersRights } from './access.ts';
import { findInHeldTeam, notFound } from './find.ts';

/**
 * Removes a member from their team: every live seat of theirs is revoked, with an event each, and their sessions end.
 * Their address is free from then on, and whoever is assigned a seat by it is somebody new.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput for the only owner.
 */
export async function removeMember(ctx: Ctx, memberId: string): Promise<Member> {
  const actor = requireMemberManager(ctx.actor);
  const { removed, seats } = await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const member = await findInHeldTeam(tx, actor, memberId);
    if (member.role === 'owner') {
      requireOwnersRights(actor);
      const message = 'Cannot delete the only owner. Transfer ownership first.';
      throw new InvalidInput([{ path: ['memberId'], code: 'ONLY_OWNER', message }]);
    }
    await lockPools(tx, member);
    const removed = await markRemoved(tx, member, now);
    const seats = await revokeLocked(tx, await lockSeats(tx, member), now);
    await endMemberSessions(tx, member);
    await announceTokenChange(tx);
    return { removed, seats };
  });
  ctx.actors.forgetTeam(removed);
  for (const { id } of seats) ctx.changes.announce(id);
  return removed;
}

/** Locks all that the customer has bought, since seats can be revoked under their pool's lock alone. */
async function lockPools(tx: Tx, { organizationId, customerId }: Member): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM subscriptions
     WHERE organization_id = ${organizationId}::uuid AND customer_id = ${customerId}::uuid
     ORDER BY id
       FOR NO KEY UPDATE`;
  await tx.$queryRaw`
    SELECT 1 FROM orders
     WHERE organization_id = ${organizationId}::uuid AND customer_id = ${customerId}::uuid
     ORDER BY id
       FOR NO KEY UPDATE`;
}

/** From here on nobody gives the member a seat: whoever was about to waits for the row, and then does not find it. */
async function markRemoved(
  tx: Tx,
  { organizationId, id, role }: Member,
  now: Date,
): Promise<Member> {
  const [removed] = await tx.member.updateManyAndReturn({
    where: { organizationId, id, role, deletedAt: null },
    data: { deletedAt: now, modifiedAt: now },
  });
  return removed ?? notFound();
}

/** The member's live seats of every pool, the oldest first; a claim that is under way is waited for. */
async function lockSeats(tx: Tx, { organizationId, id: memberId }: Member): Promise<SeatView[]> {
  await tx.$queryRaw`
    SELECT 1 FROM customer_seats
     WHERE organization_id = ${organizationId}::uuid AND member_id = ${memberId}::uuid
       AND status <> 'revoked'
     ORDER BY created_at, id
       FOR NO KEY UPDATE`;
  return await tx.customerSeat.findMany({
    where: { organizationId, memberId, status: { not: 'revoked' } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: WITH_HOLDER,
  });
}
