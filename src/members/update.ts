import type { Ctx } from '../context.ts';
import type { Prisma, Tx } from '../db/client.ts';
import { violatedConstraint } from '../db/constraints.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import type { MemberRole } from '../db/generated/prisma/enums.ts';
import { transaction } from '../db/transaction.ts';
import { parseEmail } from '../email/parse-email.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import { type InputIssue, InvalidInput } from '../seats/errors.ts';
import { newInvitation } from '../seats/invitation.ts';
import { recordEvents } from '../seats/outbox.ts';
import { isStorable, NOT_STORABLE } from '../seats/storable-text.ts';
import { WITH_HOLDER } from '../seats/view.ts';
import { requireMemberManager, requireOwnersRights } from './access.ts';
import { findInHeldTeam, notFound } from './find.ts';

export interface UpdateMemberInput {
  memberId: string;
  /** In any spelling of `parseEmail`; left out, it stays. */
  email?: string | undefined;
  /** Null for none; left out, it stays. */
  name?: string | null | undefined;
  /** Left out, it stays. */
  role?: MemberRole | undefined;
}

const LONGEST_NAME = 512;

/**
 * Changes a member's address, name and role, all that is named or nothing. The address of the member's live seats
 * follows; a seat that still waits is invited to anew, at the new address, and the link that the old one got is dead. Whoever becomes the owner takes the place of the one before, who
 * stays as a billing manager; there is no other way to stop being it.
 *
 * Throws, in this order of checks: Unauthenticated, NotPermitted, InvalidInput (form), ResourceNotFound, NotPermitted
 * (a billing manager and the owner), InvalidInput (the only owner, an address that is taken).
 */
export async function updateMember(ctx: Ctx, input: UpdateMemberInput): Promise<Member> {
  const actor = requireMemberManager(ctx.actor);
  const wanted = parseInput(input);
  const invited: string[] = [];
  const updated = await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const member = await findInHeldTeam(tx, actor, input.memberId);
    if (member.role === 'owner' || wanted.role === 'owner') requireOwnersRights(actor);
    const change = differences(member, wanted);
    if (member.role === 'owner' && change.role !== undefined) {
      throw refusal(
        'role',
        'ONLY_OWNER',
        'Cannot demote the only owner. Transfer ownership first.',
      );
    }
    if (Object.keys(change).length === 0) return member;
    if (change.role === 'owner') await replaceOwner(tx, member, now);
    try {
      const changed = await writeMember(tx, member, { ...change, modifiedAt: now });
      if (change.email !== undefined) {
        await moveSeats(tx, member, change.email, now);
        if (change.email.toLowerCase() !== member.email.toLowerCase()) {
          invited.push(...(await inviteAnew(tx, ctx.secretKey, member, now)));
        }
      }
      if (change.role !== undefined) await announceTokenChange(tx);
      return changed;
    } catch (error) {
      throw refusedByDatabase(violatedConstraint(error)) ?? error;
    }
  });
  ctx.actors.forgetTeam(updated);
  for (const seatId of invited) ctx.changes.announce(seatId);
  return updated;
}

type Change = Partial<Pick<Member, 'email' | 'name' | 'role'>>;

/** Throws InvalidInput with all that is wrong. */
function parseInput({ email, name, role }: UpdateMemberInput): Change {
  const issues: InputIssue[] = [];
  const parsed = email === undefined ? undefined : parseEmail(email);
  if (parsed?.ok === false) issues.push({ path: ['email'], code: 'EMAIL', message: parsed.reason });
  if (!isStorable(name ?? '')) issues.push({ path: ['name'], code: 'TEXT', message: NOT_STORABLE });
  if ((name ?? '').length > LONGEST_NAME) {
    const message = `At most ${LONGEST_NAME} characters`;
    issues.push({ path: ['name'], code: 'TOO_LONG', message });
  }
  if (issues.length > 0) throw new InvalidInput(issues);
  return {
    ...(parsed?.ok && { email: parsed.email }),
    ...(name !== undefined && { name }),
    ...(role !== undefined && { role }),
  };
}

function differences(member: Member, { email, name, role }: Change): Change {
  return {
    ...(email !== undefined && email !== member.email && { email }),
    ...(name !== undefined && name !== member.name && { name }),
    ...(role !== undefined && role !== member.role && { role }),
  };
}

async function replaceOwner(tx: Tx, { organizationId, customerId }: Member, now: Date) {
  await tx.member.updateMany({
    where: { organizationId, customerId, role: 'owner', deletedAt: null },
    data: { role: 'billing_manager', modifiedAt: now },
  });
}

async function writeMember(
  tx: Tx,
  { organizationId, id, role }: Member,
  data: Prisma.MemberUpdateManyMutationInput,
): Promise<Member> {
  const [changed] = await tx.member.updateManyAndReturn({
    where: { organizationId, id, role, deletedAt: null },
    data,
  });
  return changed ?? notFound();
}

/** The member's row is written, and so locked: nobody gives them a seat with the old address any more. */
async function moveSeats(
  tx: Tx,
  { organizationId, id }: Member,
  email: string,
  now: Date,
): Promise<void> {
  await tx.customerSeat.updateMany({
    where: { organizationId, memberId: id, status: { not: 'revoked' } },
    data: { email, modifiedAt: now },
  });
}

/** Renews the invitations of the member's pending seats, and returns which seats these are. */
async function inviteAnew(
  tx: Tx,
  secretKey: string,
  { organizationId, id: memberId }: Member,
  now: Date,
): Promise<string[]> {
  const pending = await tx.customerSeat.findMany({
    where: { organizationId, memberId, status: 'pending' },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  });
  for (const { id } of pending) {
    const seat = await tx.customerSeat.update({
      where: { organizationId_id: { organizationId, id }, status: 'pending' },
      data: newInvitation(secretKey, id, now),
      include: WITH_HOLDER,
    });
    await recordEvents(tx, 'customer_seat.invitation_resent', [seat], now);
  }
  return pending.map(({ id }) => id);
}

function refusedByDatabase(constraint: string | undefined): InvalidInput | undefined {
  switch (constraint) {
    case 'members_email_key':
      return refusal('email', 'TAKEN', 'Another member of this customer has this address.');
    case 'members_owner_key':
      return refusal('role', 'TAKEN', 'This customer has just been given another owner.');
    case 'customer_seats_subscription_email_key':
    case 'customer_seats_order_email_key':
      return refusal(
        'email',
        'TAKEN',
        'Another seat of a subscription or order that this member has one of has this address.',
      );
    default:
      return undefined;
  }
}

function refusal(field: string, code: string, message: string): InvalidInput {
  return new InvalidInput([{ path: [field], code, message }]);
}
