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
import { type FoundSeat, findSeat } from './find.ts';
import { hasExpired, SPENT_INVITATION, withInvitation } from './invitation.ts';
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
 * Throws InvalidInvitationToken for a token that is unknown, used, revoked or expired, and FeatureNotEnabled.
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
  const { seat, newMember } = holderOf(found, now);
  const changed = {
    ...seat,
    status: 'claimed',
    claimedAt: now,
    modifiedAt: now,
    ...SPENT_INVITATION,
  } as const;
  const subject = subjectOf(found, changed);
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

/**
 * The address by which the seat's member is still to be found or made: an imported seat may have one and no member yet.
 * Null where the seat has its member, or its customer has no address. Throws InvalidInvitationToken where nobody can hold it.
 */
function addressOf(
  { seat, source }: FoundSeat,
  customer: { email: string | null; isLive: boolean } | null,
): string | null {
  const memberModel = source.organization.memberModelEnabled;
  if (customer === null || (memberModel && !customer.isLive)) throw new InvalidInvitationToken();
  if (seat.memberId !== null) return null;
  const email = memberModel ? seat.email : customer.email;
  if (email === null && memberModel) throw new InvalidInvitationToken();
  return email;
}

/** The seat with who it goes to, as `settleHolder` has it, and whether that is a member who is still to be made. */
function holderOf(found: InvitedTo, now: Date): { seat: SeatView; newMember: boolean } {
  const { seat, source, customer, namesake } = found;
  const email = addressOf(found, customer);
  if (email === null) return { seat, newMember: false };
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
  const known = { ...seat, memberId: member.id, member };
  // With the member model it is the seat's own.
  return { seat: { ...known, email }, newMember: namesake === null };
}

async function claimUnderLock(ctx: Ctx, invitationToken: string): Promise<ClaimedSeat> {
  return await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const found = await findSeat(tx, withInvitation(invitationToken));
    if (!found || hasExpired(found.seat, now)) throw new InvalidInvitationToken();
    requireSeatFeature(found.source.organization);
    const holder = await settleHolder(tx, found, now);
    const { organizationId, id } = found.seat;
    const taken = await takeSeat(tx, found.seat, { ...holder, claimedAt: now, modifiedAt: now });
    if (!taken) throw new InvalidInvitationToken();
    const seat = await tx.customerSeat.findUniqueOrThrow({
      where: { organizationId_id: { organizationId, id } },
      include: WITH_HOLDER,
    });
    await recordEvent(tx, 'customer_seat.claimed', seat, now);
    return { seat, session: await beginSession(tx, found, seat, now) };
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
  found: FoundSeat,
  now: Date,
): Promise<{ memberId?: string; email?: string }> {
  const { organizationId, customerId } = found.seat;
  const customer =
    customerId === null
      ? null
      : await tx.customer.findUnique({
          where: { organizationId_id: { organizationId, id: customerId } },
        });
  const email = addressOf(
    found,
    customer && { email: customer.email, isLive: customer.deletedAt === null },
  );
  if (email === null) return {};
  const member = await memberByEmail(tx, found.source, email, now);
  return { memberId: member.id, email };
}

async function beginSession(
  tx: Tx,
  found: FoundSeat,
  seat: SeatView,
  now: Date,
): Promise<NewSession> {
  const { organizationId } = seat;
  const { customerId, memberId } = subjectOf(found, seat);
  return memberId === null
    ? await beginCustomerSession(tx, { organizationId, customerId }, now)
    : await beginMemberSession(tx, { organizationId, customerId, id: memberId }, now);
}

/** Whose session a claim begins: the member's, or else the customer's who pays, or, without the member model, who holds the seat. */
function subjectOf(
  { source }: FoundSeat,
  { member, customerId }: SeatView,
): { customerId: string; memberId: string | null } {
  if (member && member.deletedAt === null) {
    return { customerId: member.customerId, memberId: member.id };
  }
  const subject = source.organization.memberModelEnabled ? source.customerId : customerId;
  if (subject === null) throw new InvalidInvitationToken();
  return { customerId: subject, memberId: null };
}
