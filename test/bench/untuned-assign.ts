import { randomUUID } from 'node:crypto';
import { type KnownActor, ownedBy } from '../../src/auth/access.ts';
import { actorColumns, recordActor } from '../../src/auth/recorded-actor.ts';
import type { Ctx } from '../../src/context.ts';
import type { Prisma, Tx } from '../../src/db/client.ts';
import { transaction } from '../../src/db/transaction.ts';
import { newInvitation } from '../../src/seats/invitation-token.ts';
import { decideAssignment } from '../../src/seats/rules/assign.ts';
import type { AssignmentFacts } from '../../src/seats/rules/assignment.ts';
import { representSeat, type SeatView, WITH_HOLDER } from '../../src/seats/view.ts';

/** Assigns a seat of a subscription by address: usher's decision, with Prisma's queries one after another around it. */
export async function assignWithPrisma(
  ctx: Ctx,
  actor: KnownActor,
  subscriptionId: string,
  email: string,
): Promise<SeatView> {
  return await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const source = { kind: 'subscription', id: subscriptionId } as const;
    const recipient = { kind: 'email', email } as const;
    const facts = await findFacts(tx, actor, subscriptionId, email);
    const decision = decideAssignment(
      { actor, input: { source, recipient, immediateClaim: false } },
      facts,
      {
        now,
        newId: randomUUID,
        newInvitation: seatId => newInvitation(ctx.secretKey, seatId, now),
      },
    );
    const { newMember } = decision;
    if (newMember !== undefined) await tx.member.create({ data: newMember });
    const { member: _member, customer: _customer, metadata, ...row } = decision.seat;
    // JSON in, JSON out.
    const data = { ...row, metadata: metadata as Prisma.InputJsonObject };
    const where = { organizationId_id: { organizationId: row.organizationId, id: row.id } };
    const seat = decision.isReassigned
      ? await tx.customerSeat.update({ where, data, include: WITH_HOLDER })
      : await tx.customerSeat.create({ data, include: WITH_HOLDER });
    await tx.outboxEvent.create({
      data: {
        id: randomUUID(),
        organizationId: seat.organizationId,
        seatId: seat.id,
        type: decision.event,
        createdAt: now,
        payload: representSeat(seat) as Prisma.InputJsonObject,
        ...actorColumns(recordActor(actor, ctx.channel)),
      },
    });
    return seat;
  });
}

async function findFacts(
  tx: Tx,
  actor: KnownActor,
  id: string,
  email: string,
): Promise<AssignmentFacts> {
  const where = { ...ownedBy(actor), id, deletedAt: null };
  const named = await tx.subscription.findFirst({ where, select: { organizationId: true } });
  if (named !== null) {
    await tx.$queryRaw`
      SELECT 1 FROM subscriptions
       WHERE organization_id = ${named.organizationId}::uuid AND id = ${id}::uuid
         FOR NO KEY UPDATE`;
  }
  const pool = await tx.subscription.findFirst({ where, include: { organization: true } });
  const address = { equals: email, mode: 'insensitive' } as const;
  const { organizationId, customerId } = pool ?? { organizationId: randomUUID(), customerId: '' };
  const addressee =
    pool &&
    (await tx.member.findFirst({
      where: { organizationId, customerId, email: address, deletedAt: null },
    }));
  const ofPool = { organizationId, subscriptionId: id };
  const person = addressee
    ? [{ memberId: addressee.id }, { email: address }]
    : [{ email: address }];
  const live = await tx.customerSeat.findFirst({
    where: { ...ofPool, status: { not: 'revoked' }, OR: person },
    select: { id: true },
  });
  const revoked = await tx.customerSeat.findFirst({
    where: { ...ofPool, status: 'revoked' },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, createdAt: true },
  });
  return {
    pool: pool && { ...pool, kind: 'subscription' },
    namedMember: null,
    addressee,
    customer: null,
    address: email.toLowerCase(),
    seatId: live?.id ?? null,
    customerSeatId: null,
    seatsOfAddressee: {},
    revokedSeats: revoked === null ? [] : [revoked],
  };
}
