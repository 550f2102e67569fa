import type { Tx } from '../db/client.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import { type KnownActor, ownedBy } from '../seats/access.ts';
import { ResourceNotFound } from '../seats/errors.ts';

/**
 * The member with this id under the tenant rule, while nobody else changes or removes one of the same customer's to
 * the end of the transaction: the customer's row is locked, before any pool. Throws ResourceNotFound for one that does
 * not exist, was removed or is another's, alike. (MemberNotFound is for a seat's recipient, whom the caller named among
 * others; this member is what the caller asked for.)
 */
export async function findInHeldTeam(tx: Tx, actor: KnownActor, id: string): Promise<Member> {
  const where = { ...ownedBy(actor), id, deletedAt: null };
  const found = (await tx.member.findFirst({ where })) ?? notFound();
  await tx.$queryRaw`
    SELECT 1 FROM customers
     WHERE organization_id = ${found.organizationId}::uuid AND id = ${found.customerId}::uuid
       FOR NO KEY UPDATE`;
  return (await tx.member.findFirst({ where })) ?? notFound();
}

/** Says that there is no such member. */
export function notFound(): never {
  throw new ResourceNotFound('Member not found');
}
