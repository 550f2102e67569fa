import { randomUUID } from 'node:crypto';
import {
  beginCustomerSession,
  beginMemberSession,
  type NewSession,
  newSession,
  stored,
} from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { violatedConstraint } from '../db/constraints.ts';
import { transaction } from '../db/transaction.ts';
import { changeAtOnce } from './change-at-once.ts';
import { InvalidInvitationToken } from './errors.ts';
import { type FoundSeat, findInvited } from './find.ts';
import { hasExpired, SPENT_INVITATION, withInvitation } from './invitation.ts';
import type { Invitee } from './invitee.ts';
import { lookUpInvitation } from './look-up-invitation.ts';
import { memberByEmail } from './members.ts';
import { recordEvent } from './outbox.ts';
import { type InvitedTo, readInvited } from './read-seat.ts';
import { requireSeatFeature } from './source.ts';
import { isHolderConstraint, type SeatView, WITH_HOLDER } from './view.ts';

/** A seat that was just claimed, and the session that its holder begins with. */
export interface ClaimedSeat {
  seat: SeatView;
  session: NewSession;
}

/**
 * Hands a pending seat over to whoever holds its invitation's token, and begins their hour in the portal. Needs no
 * other right than the token. Of any number of claims of one token exactly one succeeds.
 * Throws InvalidInvitationToken for a token that is unknown, used, revoked or expired, or where nobody can claim the seat
 * (`inviteeOf`), and FeatureNotEnabled.
 */
export async function claimSeat(ctx: Ctx, invitationToken: string): Promise<ClaimedSeat> {
  const claimed =
    (await claimAtOnce(ctx, invitationToken)) ?? (await claimUnderLock(ctx, invitationToken));
  ctx.changes.announce(claimed.seat.id);
  return claimed;
}

/** Reads and then writes, one statement each; undefined where something changed in between. */
async function claimAtOnce(ctx: Ctx, invitationToken: string): Promise<ClaimedSeat | undefined> {
  const now = ctx.now();
  const found = await lookUpInvitation(ctx, invitationToken, () =>
    readInvited(ctx.sql, invitationToken),
  );
  if (!found || hasExpired(found.seat, now)) throw new InvalidInvitationToken();
  requireSeatFeature(found.source.organization);
  const invitee = requireInvitee(found);
  const { seat, newMember } = holderOf(found, invitee, now);
  const changed = {
    ...seat,
    status: 'claimed',
    claimedAt: now,
    modifiedAt: now,
    ...SPENT_INVITATION,
  } as const;
  const subject = subjectOf(invitee, changed);
  const session = newSession(subject.memberId === null ? 'customerSession' : 'memberSession', now);
  const isDone = await changeAtOnce(ctx, found, {
    changed,
    newMember,
    event: 'customer_seat.claimed',
    at: now,
    freesPlace: false,
    session: { ...stored(session), ...subject },
  });
  return isDone ? { seat: changed, session } : undefined;
}

/** Whom the seat is for. Throws InvalidInvitationToken where nobody can claim it. */
function requireInvitee({ invitee }: { invitee: Invitee | undefined }): Invitee {
  if (invitee === undefined) throw new InvalidInvitationToken();
  return invitee;
}

/** The seat with who it goes to, as `settleHolder` has it, and whether that is a member who is still to be made. */
function holderOf(
  { seat, source, namesake }: InvitedTo,
  invitee: Invitee,
  now: Date,
): { seat: SeatView; newMember: boolean } {
  if (invitee.by !== 'address') return { seat, newMember: false };
  const { email } = invitee;
  const { organizationId, customerId } = source;
  const member = namesake ?? {
    organizationId,
    id: randomUUID(),
    createdAt: now,
    modifiedAt: null,
    deletedAt: null,
    customerId,
    email: email.trim(),
    name: null,
    externalId: null,
    role: 'member',
  };
  return { seat: { ...seat, memberId: member.id, member, email }, newMember: namesake === null };
}

async function claimUnderLock(ctx: Ctx, invitationToken: string): Promise<ClaimedSeat> {
  return await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const found = await findInvited(tx, withInvitation(invitationToken));
    if (!found || hasExpired(found.seat, now)) throw new InvalidInvitationToken();
    requireSeatFeature(found.source.organization);
    const invitee = requireInvitee(found);
    const holder = await settleHolder(tx, found, invitee, now);
    const { organizationId, id } = found.seat;
    const taken = await takeSeat(tx, found.seat, { ...holder, claimedAt: now, modifiedAt: now });
    if (!taken) throw new InvalidInvitationToken();
    const seat = await tx.customerSeat.findUniqueOrThrow({
      where: { organizationId_id: { organizationId, id } },
      include: WITH_HOLDER,
    });
    await recordEvent(tx, 'customer_seat.claimed', seat, now);
    return { seat, session: await beginSession(tx, invitee, seat, now) };
  });
}

/** Makes the seat claimed if its invitation still stands; says whether it did. */
async function takeSeat(
  tx: Tx,
  { organizationId, id, invitationTokenHash }: SeatView,
  change: { memberId?: string; email?: string; claimedAt: Date; modifiedAt: Date },
): Promise<boolean> {
  try {
    const { count } = await tx.customerSeat.updateMany({
      where: { organizationId, id, status: 'pending', invitationTokenHash },
      data: { ...change, status: 'claimed', ...SPENT_INVITATION },
    });
    return count === 1;
  } catch (error) {
    // The person turns out to hold another live seat of the pool, under another address.
    if (isHolderConstraint(violatedConstraint(error))) return false;
    throw error;
  }
}

/** Who the seat goes to, where the assignment left that open. */
async function settleHolder(
  tx: Tx,
  { source }: FoundSeat,
  invitee: Invitee,
  now: Date,
): Promise<{ memberId?: string; email?: string }> {
  if (invitee.by !== 'address') return {};
  const { email } = invitee;
  const member = await memberByEmail(tx, source, email, now);
  return { memberId: member.id, email };
}

async function beginSession(
  tx: Tx,
  invitee: Invitee,
  seat: SeatView,
  now: Date,
): Promise<NewSession> {
  const { organizationId } = seat;
  const { customerId, memberId } = subjectOf(invitee, seat);
  return memberId === null
    ? await beginCustomerSession(tx, { organizationId, customerId }, now)
    : await beginMemberSession(tx, { organizationId, customerId, id: memberId }, now, {
        begunByClaim: true,
      });
}

/** Whose session a claim begins: the new holder's own, and nobody else's. */
function subjectOf(
  invitee: Invitee,
  { member }: SeatView,
): { customerId: string; memberId: string | null } {
  if (invitee.by === 'customer') return { customerId: invitee.customerId, memberId: null };
  if (member === null || member.deletedAt !== null) throw new InvalidInvitationToken();
  return { customerId: member.customerId, memberId: member.id };
}
