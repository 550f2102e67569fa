import { endMemberSessions } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { violatedConstraint } from '../db/constraints.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import type { MemberRole } from '../db/generated/prisma/enums.ts';
import { type InputIssue, InvalidInput } from '../domain/errors.ts';
import { isStorable, NOT_STORABLE } from '../domain/storable-text.ts';
import { parseEmail } from '../email/parse-email.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import { newInvitation } from '../seats/invitation/invitation.ts';
import { noChanges } from '../seats/rules/changes.ts';
import { writeWithin } from '../seats/store/write.ts';
import { type SeatView, WITH_HOLDER } from '../seats/view.ts';
import { requireMemberManager, requireOwnersRights } from './access.ts';
import { changeMember, type MemberFacts } from './change.ts';

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
 * follows; a seat that still waits is invited to anew, at the new address, and the link that the old one got is dead. So
 * are the member's sessions, since who reads the old address has them.
 * Whoever becomes the owner takes the place of the one before, who stays as a billing manager; there is no other way to
 * stop being it.
 *
 * Throws, in this order of checks: Unauthenticated, NotPermitted, InvalidInput (form), ResourceNotFound, NotPermitted
 * (a billing manager and the owner), InvalidInput (the only owner, an address that is taken).
 */
export async function updateMember(ctx: Ctx, input: UpdateMemberInput): Promise<Member> {
  const actor = requireMemberManager(ctx.actor);
  const wanted = parseInput(input);
  const request = { memberId: input.memberId, withOwner: wanted.role === 'owner' };
  const { updated, invited } = await changeMember(ctx.db, actor, request, async (tx, facts) => {
    const { member } = facts;
    if (member.role === 'owner' || wanted.role === 'owner') requireOwnersRights(actor);
    const change = differences(member, wanted);
    if (member.role === 'owner' && change.role !== undefined) {
      const message = 'Cannot demote the only owner. Transfer ownership first.';
      throw refusal('role', 'ONLY_OWNER', message);
    }
    if (Object.keys(change).length === 0) return { updated: member, invited: [] };
    try {
      return await write(ctx, tx, facts, change);
    } catch (error) {
      throw refusedByDatabase(violatedConstraint(error)) ?? error;
    }
  });
  ctx.actors.forgetTeam(updated);
  for (const { id } of invited) ctx.changes.announce(id);
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

/** Writes the change of a member, and what follows from it. Answers the member and the seats that are invited to anew. */
async function write(
  ctx: Ctx,
  tx: Tx,
  { member, owner, seats }: MemberFacts,
  change: Change,
): Promise<{ updated: Member; invited: SeatView[] }> {
  const now = ctx.now();
  if (change.role === 'owner' && owner !== null) {
    await tx.member.update({
      where: keyOf(owner),
      data: { role: 'billing_manager', modifiedAt: now },
    });
  }
  const data = { ...change, modifiedAt: now };
  const updated = await tx.member.update({ where: keyOf(member), data });
  const { email } = updated;
  const isElsewhere = email.toLowerCase() !== member.email.toLowerCase();
  const invited: SeatView[] = [];
  for (const seat of change.email === undefined ? [] : seats) {
    const isInvited = isElsewhere && seat.status === 'pending';
    const invitation = isInvited ? newInvitation(ctx.secretKey, seat.id, now) : {};
    const moved = await tx.customerSeat.update({
      where: keyOf(seat),
      data: { email, ...invitation, modifiedAt: now },
      include: WITH_HOLDER,
    });
    if (isInvited) invited.push(moved);
  }
  const events = invited.map(seat => ({ type: 'customer_seat.invitation_resent' as const, seat }));
  await writeWithin(tx, { ...noChanges(), events }, now);
  if (isElsewhere) await endMemberSessions(tx, member, now);
  else if (change.role !== undefined) await announceTokenChange(tx);
  return { updated, invited };
}

const keyOf = ({ organizationId, id }: { organizationId: string; id: string }) => ({
  organizationId_id: { organizationId, id },
});

function refusedByDatabase(constraint: string | undefined): InvalidInput | undefined {
  switch (constraint) {
    case 'members_email_key':
      return refusal('email', 'TAKEN', 'Another member of this customer has this address.');
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
