import { randomUUID } from 'node:crypto';
import type { Ctx } from '../context.ts';
import { Prisma, type Tx } from '../db/client.ts';
import { violatedConstraint } from '../db/constraints.ts';
import { transaction } from '../db/transaction.ts';
import type { KnownActor } from './access.ts';
import { SeatAlreadyAssigned, SeatNotAvailable } from './errors.ts';
import type { AssignSeatInput } from './inputs.ts';
import { NO_INVITATION, newInvitation } from './invitation.ts';
import { type InvitedSeat, invitationLink } from './invitation-link.ts';
import { recordEvent } from './outbox.ts';
import { type Holder, resolveRecipient } from './recipient.ts';
import {
  findSource,
  lockPool,
  requirePlace,
  requireSoldBySeat,
  type SeatSource,
  seatsIn,
  seatsInSql,
} from './source.ts';
import { isHolderConstraint, type SeatView, WITH_HOLDER } from './view.ts';

/**
 * `assignSeat` in all its forms and with all its errors: a transaction that locks the pool's row, looks at everything in
 * turn, and writes. Tells nobody of the change.
 */
export async function assignUnderLock(
  ctx: Ctx,
  actor: KnownActor,
  input: AssignSeatInput,
): Promise<InvitedSeat> {
  return await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const source = await findSource(tx, actor, input.source);
    requireSoldBySeat(source);
    // The pool's takers queue here.
    requirePlace(source, await lockPool(tx, source));
    const holder = await resolveRecipient(tx, actor, source, input.recipient, now);
    await requireNoLiveSeat(tx, source, holder);
    const seat = await occupy(tx, ctx.secretKey, source, holder, input, now);
    const event = input.immediateClaim ? 'customer_seat.claimed' : 'customer_seat.assigned';
    await recordEvent(tx, event, seat, now);
    return { ...seat, invitationUrl: invitationLink(ctx, seat, source.organization) };
  });
}

async function requireNoLiveSeat(tx: Tx, source: SeatSource, holder: Holder): Promise<void> {
  const same =
    holder.ownCustomerId === undefined
      ? Prisma.sql`(member_id = ${holder.memberId}::uuid OR lower(email) = lower(${holder.email}))`
      : Prisma.sql`customer_id = ${holder.ownCustomerId}::uuid`;
  const live = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM customer_seats
     WHERE ${seatsInSql(source)}
       AND status <> 'revoked' AND ${same}
     LIMIT 1`;
  if (live.length > 0) throw new SeatAlreadyAssigned(holder.label);
}

/** Writes the seat's row, over the pool's oldest revoked one where it has any. The pool's lock is held. */
async function occupy(
  tx: Tx,
  secretKey: string,
  source: SeatSource,
  holder: Holder,
  { metadata, immediateClaim }: AssignSeatInput,
  now: Date,
): Promise<SeatView> {
  const revoked = await tx.customerSeat.findFirst({
    where: { ...seatsIn(source), status: 'revoked' },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { organizationId: true, id: true },
  });
  const id = revoked?.id ?? randomUUID();
  const state = {
    status: immediateClaim ? 'claimed' : 'pending',
    customerId: holder.customerId,
    memberId: holder.memberId,
    email: holder.email,
    // Parsed from JSON, and so JSON.
    metadata: (metadata ?? {}) as Prisma.InputJsonObject,
    claimedAt: immediateClaim ? now : null,
    ...(immediateClaim
      ? { ...NO_INVITATION, invitationTokenExpiresAt: null }
      : newInvitation(secretKey, id, now)),
  } as const;
  try {
    return revoked === null
      ? await tx.customerSeat.create({
          data: { id, createdAt: now, ...seatsIn(source), ...state },
          include: WITH_HOLDER,
        })
      : await tx.customerSeat.update({
          where: { organizationId_id: revoked, status: 'revoked' },
          data: { ...state, revokedAt: null, modifiedAt: now },
          include: WITH_HOLDER,
        });
  } catch (error) {
    throw refusedByDatabase(violatedConstraint(error), source, holder) ?? error;
  }
}

/** The database holds the same two promises as the checks above; it speaks where they could not see. */
function refusedByDatabase(constraint: string | undefined, source: SeatSource, holder: Holder) {
  if (constraint?.endsWith('_seats_used_check')) {
    return new SeatNotAvailable(`No available seats for ${source.id}`, source.id);
  }
  return isHolderConstraint(constraint) ? new SeatAlreadyAssigned(holder.label) : undefined;
}
