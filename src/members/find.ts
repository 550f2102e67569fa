import { type KnownActor, ownedBy } from '../auth/access.ts';
import type { Tx } from '../db/client.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import { ResourceNotFound } from '../domain/errors.ts';

/**
 * Returns the member with this id, by the tenant rule. Throws ResourceNotFound if the member does not exist, was removed or
 * belongs to another tenant. (MemberNotFound is for the recipient of a seat.)
 */
export async function findMember(tx: Tx, actor: KnownActor, id: string): Promise<Member> {
  const member = await tx.member.findFirst({ where: { ...ownedBy(actor), id, deletedAt: null } });
  if (member === null) throw new ResourceNotFound('Member not found');
  return member;
}
