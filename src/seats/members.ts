import { randomUUID } from 'node:crypto';
import type { Tx } from '../db/client.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import { findOrMake } from './find-or-make.ts';
import type { SeatSource } from './source.ts';

/** The live member with this address, whatever its case; made where there is none, by whichever of two callers is first. */
export async function memberByEmail(
  tx: Tx,
  team: Pick<SeatSource, 'organizationId' | 'customerId'>,
  address: string,
  now: Date,
): Promise<Member> {
  const { organizationId, customerId } = team;
  const email = address.trim();
  const find = async () => {
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM members
       WHERE organization_id = ${organizationId}::uuid AND customer_id = ${customerId}::uuid
         AND lower(email) = lower(${email}) AND deleted_at IS NULL`;
    return (
      row &&
      (await tx.member.findUnique({ where: { organizationId_id: { organizationId, id: row.id } } }))
    );
  };
  return await findOrMake(find, () =>
    tx.member.createManyAndReturn({
      data: [{ id: randomUUID(), organizationId, customerId, email, createdAt: now }],
      skipDuplicates: true,
    }),
  );
}
