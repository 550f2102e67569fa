import { randomUUID } from 'node:crypto';
import { Prisma, type Tx } from '../db/client.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import { findOrMake } from './find-or-make.ts';
import type { SeatSource } from './source.ts';

type Team = Pick<SeatSource, 'organizationId' | 'customerId'>;

/**
 * The live member of a customer that the condition selects, locked to the end of the transaction. Whoever gives a
 * member a seat, and whoever changes or removes one, holds this lock, so that neither misses what the other does.
 * It comes after the lock of the pool, and before those of seats.
 */
export async function lockMember(
  tx: Tx,
  { organizationId, customerId }: Team,
  condition: Prisma.Sql,
): Promise<Member | null> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM members
     WHERE organization_id = ${organizationId}::uuid AND customer_id = ${customerId}::uuid
       AND ${condition} AND deleted_at IS NULL
       FOR NO KEY UPDATE`;
  if (row === undefined) return null;
  return await tx.member.findUnique({
    where: { organizationId_id: { organizationId, id: row.id } },
  });
}

/**
 * The live member with this address, whatever its case, locked; made where there is none, by whichever of two callers
 * is first.
 */
export async function memberByEmail(
  tx: Tx,
  team: Team,
  address: string,
  now: Date,
): Promise<Member> {
  const { organizationId, customerId } = team;
  const email = address.trim();
  return await findOrMake(
    () => lockMember(tx, team, Prisma.sql`lower(email) = lower(${email})`),
    () =>
      tx.member.createManyAndReturn({
        data: [{ id: randomUUID(), organizationId, customerId, email, createdAt: now }],
        skipDuplicates: true,
      }),
  );
}
