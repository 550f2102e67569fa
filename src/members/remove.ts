import { recordAudit } from '../auth/audit.ts';
import { recordActor } from '../auth/recorded-actor.ts';
import { endMemberSessions } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import { InvalidInput } from '../domain/errors.ts';
import { revokeLocked } from '../seats/revoke.ts';
import type { SeatView } from '../seats/view.ts';
import { requireMemberManager, requireOwnerRights } from './access.ts';
import { changeMember } from './change.ts';

/** A removed member, and the seats that were revoked with the member, oldest first. */
export interface RemovedMember {
  member: Member;
  revokedSeats: SeatView[];
}

/**
 * Removes a member: revokes their live seats, records an event for each, and ends their sessions. The address is free from
 * then on: assigning a seat to it creates a new member.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput for the only owner.
 */
export async function removeMember(ctx: Ctx, memberId: string): Promise<RemovedMember> {
  const actor = requireMemberManager(ctx.actor);
  const { member, revokedSeats } = await changeMember(
    ctx.db,
    actor,
    { memberId },
    async (tx, { member, seats }) => {
      if (member.role === 'owner') {
        requireOwnerRights(actor);
        const message = 'Cannot delete the only owner. Transfer ownership first.';
        throw new InvalidInput([{ path: ['memberId'], code: 'ONLY_OWNER', message }]);
      }
      const now = ctx.now();
      const { organizationId, id } = member;
      const removed = await tx.member.update({
        where: { organizationId_id: { organizationId, id } },
        data: { deletedAt: now, modifiedAt: now },
      });
      const by = recordActor(actor, ctx.channel);
      const audit = { organizationId, subjectId: id, subjectLabel: member.email, by };
      await recordAudit(tx, { ...audit, type: 'member_removed' }, now);
      const held = seats.map(seat => ({ ...seat, member: removed }));
      const revokedSeats = await revokeLocked(tx, held, by, now);
      await endMemberSessions(tx, removed, now);
      return { member: removed, revokedSeats };
    },
  );
  ctx.actors.forgetMembers(member);
  for (const { id } of revokedSeats) ctx.changes.announce(id);
  return { member, revokedSeats };
}
