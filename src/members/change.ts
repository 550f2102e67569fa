import type { KnownActor } from '../auth/access.ts';
import type { Db, Tx } from '../db/client.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import { optimistic } from '../db/optimistic.ts';
import { transaction } from '../db/transaction.ts';
import { lockPoolsOf, poolOfSeat } from '../seats/source.ts';
import { type SeatView, WITH_HOLDER } from '../seats/view.ts';
import { findMember } from './find.ts';

/** The member to change. */
interface MemberRequest {
  memberId: string;
  /** Whether the owner of the team is changed too. */
  withOwner?: boolean;
}

/** A member, with the rows that change together with them. */
export interface MemberFacts {
  member: Member;
  /** The owner of the member's team; null if there is none, or if the request does not include the owner. */
  owner: Member | null;
  /** The live seats of the member, oldest first. */
  seats: SeatView[];
}

/**
 * Runs `change` on a member in one transaction, and returns its result. Applies the tenant rule. The facts are read under
 * locks: until the transaction ends, no other request assigns a seat to the member, revokes one, or changes the owner of
 * the team. Throws ResourceNotFound.
 */
export async function changeMember<Result extends object>(
  db: Db,
  actor: KnownActor,
  request: MemberRequest,
  change: (tx: Tx, facts: MemberFacts) => Promise<Result>,
): Promise<Result> {
  return await optimistic(
    () =>
      transaction(db, async tx => {
        const found = await readFacts(tx, actor, request);
        await lock(tx, found);
        const facts = await readFacts(tx, actor, request);
        // Otherwise the member got a seat of another pool, or the team another owner, between the two reads.
        return isLocked(facts, found) ? await change(tx, facts) : undefined;
      }),
    // The team had no owner to lock, and another request appointed one.
    { constraints: ['members_owner_key'] },
  );
}

async function readFacts(
  tx: Tx,
  actor: KnownActor,
  { memberId, withOwner = false }: MemberRequest,
): Promise<MemberFacts> {
  const member = await findMember(tx, actor, memberId);
  const { organizationId, customerId } = member;
  const owner = withOwner
    ? await tx.member.findFirst({
        where: { organizationId, customerId, role: 'owner', deletedAt: null },
      })
    : null;
  const seats = await tx.customerSeat.findMany({
    where: { organizationId, memberId, status: { not: 'revoked' } },
    include: WITH_HOLDER,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return { member, owner, seats };
}

/** Locks rows in the same order as every verb: pools, members, seats. */
async function lock(tx: Tx, { member, owner, seats }: MemberFacts): Promise<void> {
  await lockPoolsOf(tx, seats);
  const { organizationId, id } = member;
  await tx.$queryRaw`
    SELECT 1 FROM members
     WHERE organization_id = ${organizationId}::uuid AND id IN (${id}::uuid, ${owner?.id ?? id}::uuid)
     ORDER BY organization_id, id
       FOR NO KEY UPDATE`;
  await tx.$queryRaw`
    SELECT 1 FROM customer_seats
     WHERE organization_id = ${organizationId}::uuid AND member_id = ${id}::uuid AND status <> 'revoked'
     ORDER BY organization_id, id
       FOR NO KEY UPDATE`;
}

/** Returns whether all rows that were read are locked. */
function isLocked({ owner, seats }: MemberFacts, locked: MemberFacts): boolean {
  const pools = new Set(locked.seats.map(seat => poolOfSeat(seat).id));
  const isOwnerLocked = owner === null || [locked.owner?.id, locked.member.id].includes(owner.id);
  return isOwnerLocked && seats.every(seat => pools.has(poolOfSeat(seat).id));
}
