import type { Db } from '../db/client.ts';
import { type KnownActor, ownedBy } from '../seats/access.ts';
import { ResourceNotFound } from '../seats/errors.ts';

/**
 * The member with this id under the tenant rule, with the ids of their pending seats. Throws ResourceNotFound for one that
 * does not exist, was removed or is another's, alike. (MemberNotFound is for a seat's recipient, whom the caller named
 * among others; this member is what the caller asked for.)
 */
export async function findMember(db: Db, actor: KnownActor, id: string) {
  const found = await db.member.findFirst({
    where: { ...ownedBy(actor), id, deletedAt: null },
    include: { seats: { where: { status: 'pending' }, select: { id: true } } },
  });
  if (found === null) throw new ResourceNotFound('Member not found');
  const { seats, ...member } = found;
  return { member, pending: seats.map(seat => seat.id) };
}
