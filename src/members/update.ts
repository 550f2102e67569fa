import { recordAudit } from '../auth/audit.ts';
import { type RecordedActor, recordActor } from '../auth/recorded-actor.ts';
import { endMemberSessions } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { violatedConstraint } from '../db/constraints.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import type { MemberRole } from '../db/generated/prisma/enums.ts';
import { type InputIssue, type InputIssueCode, InvalidInput } from '../domain/errors.ts';
import { isStorable, NOT_STORABLE } from '../domain/storable-text.ts';
import { parseEmail } from '../email/parse-email.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import { newInvitation } from '../seats/invitation-token.ts';
import { noChanges } from '../seats/rules/changes.ts';
import { writeWithin } from '../seats/store/write.ts';
import { type SeatView, WITH_HOLDER } from '../seats/view.ts';
import { requireMemberManager, requireOwnerRights } from './access.ts';
import { changeMember, type MemberFacts } from './change.ts';

export interface UpdateMemberInput {
  memberId: string;
  /** An e-mail address that `parseEmail` accepts; unchanged if missing. */
  email?: string | undefined;
  /** The name; null removes it, and it is unchanged if missing. */
  name?: string | null | undefined;
  /** The role; unchanged if missing. */
  role?: MemberRole | undefined;
}

const LONGEST_NAME = 512;

/**
 * Changes the address, name and role of a member atomically. The member's live seats get the new address. Each pending
 * seat gets a new invitation at the new address, and its old link stops working. A new address ends the member's sessions,
 * since the reader of the old address may have them.
 * A new owner replaces the former one, who becomes a billing manager. There is no other way to demote an owner.
 *
 * Throws, in this order of checks: Unauthenticated, NotPermitted, InvalidInput (form), ResourceNotFound, NotPermitted
 * (a billing manager changes the owner), InvalidInput (the only owner, an address that is taken).
 */
export async function updateMember(ctx: Ctx, input: UpdateMemberInput): Promise<Member> {
  const actor = requireMemberManager(ctx.actor);
  const requested = parseInput(input);
  const request = { memberId: input.memberId, withOwner: requested.role === 'owner' };
  const { updated, invited } = await changeMember(ctx.db, actor, request, async (tx, facts) => {
    const { member } = facts;
    if (member.role === 'owner' || requested.role === 'owner') requireOwnerRights(actor);
    const change = differences(member, requested);
    if (member.role === 'owner' && change.role !== undefined) {
      const message = 'Cannot demote the only owner. Transfer ownership first.';
      throw invalid('role', 'ONLY_OWNER', message);
    }
    if (Object.keys(change).length === 0) return { updated: member, invited: [] };
    try {
      return await write(ctx, tx, facts, change, recordActor(actor, ctx.channel));
    } catch (error) {
      throw inputErrorOf(violatedConstraint(error)) ?? error;
    }
  });
  ctx.actors.forgetMembers(updated);
  for (const { id } of invited) ctx.changes.announce(id);
  return updated;
}

type Change = Partial<Pick<Member, 'email' | 'name' | 'role'>>;

/** Returns the requested change. Throws InvalidInput with all errors. */
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

/** Writes the change of a member and its consequences. Returns the member and the seats with new invitations. */
async function write(
  ctx: Ctx,
  tx: Tx,
  { member, owner, seats }: MemberFacts,
  change: Change,
  by: RecordedActor,
): Promise<{ updated: Member; invited: SeatView[] }> {
  const now = ctx.now();
  if (change.role === 'owner' && owner !== null) {
    await tx.member.update({
      where: keyOf(owner),
      data: { role: 'billing_manager', modifiedAt: now },
    });
    await recordAudit(tx, { ...auditOf(owner), changes: ['role'], by }, now);
  }
  const data = { ...change, modifiedAt: now };
  const updated = await tx.member.update({ where: keyOf(member), data });
  await recordAudit(tx, { ...auditOf(updated), changes: Object.keys(change), by }, now);
  const { email } = updated;
  const isNewAddress = email.toLowerCase() !== member.email.toLowerCase();
  const invited: SeatView[] = [];
  for (const seat of change.email === undefined ? [] : seats) {
    const isInvited = isNewAddress && seat.status === 'pending';
    const invitation = isInvited ? newInvitation(ctx.secretKey, seat.id, now) : {};
    const moved = await tx.customerSeat.update({
      where: keyOf(seat),
      data: { email, ...invitation, modifiedAt: now },
      include: WITH_HOLDER,
    });
    if (isInvited) invited.push(moved);
  }
  const events = invited.map(seat => ({
    type: 'customer_seat.invitation_resent' as const,
    seat,
    by,
  }));
  await writeWithin(tx, { ...noChanges(), events }, now);
  if (isNewAddress) await endMemberSessions(tx, member, now);
  else if (change.role !== undefined) await announceTokenChange(tx);
  return { updated, invited };
}

const auditOf = ({ organizationId, id, email }: Member) => ({
  organizationId,
  type: 'member_updated' as const,
  subjectId: id,
  subjectLabel: email,
});

const keyOf = ({ organizationId, id }: { organizationId: string; id: string }) => ({
  organizationId_id: { organizationId, id },
});

function inputErrorOf(constraint: string | undefined): InvalidInput | undefined {
  switch (constraint) {
    case 'members_email_key':
      return invalid('email', 'TAKEN', 'Another member of this customer has this address.');
    case 'customer_seats_subscription_email_key':
    case 'customer_seats_order_email_key':
      return invalid(
        'email',
        'TAKEN',
        'Another seat of a subscription or order that this member has one of has this address.',
      );
    default:
      return undefined;
  }
}

function invalid(field: string, code: InputIssueCode, message: string): InvalidInput {
  return new InvalidInput([{ path: [field], code, message }]);
}
