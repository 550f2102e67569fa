import type { Ctx } from '../context.ts';
import { violatedConstraint } from '../db/constraints.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import type { MemberRole } from '../db/generated/prisma/enums.ts';
import { optimistic } from '../db/optimistic.ts';
import type { Statement } from '../db/sql.ts';
import { parseEmail } from '../email/parse-email.ts';
import { TOKEN_CHANNEL } from '../events/token-changes.ts';
import { type InputIssue, InvalidInput } from '../seats/errors.ts';
import { insertEvent } from '../seats/event-sql.ts';
import { newInvitation } from '../seats/invitation.ts';
import { isStorable, NOT_STORABLE } from '../seats/storable-text.ts';
import { requireMemberManager, requireOwnersRights } from './access.ts';
import { findMember } from './find.ts';
import { AS_READ, LEFT_BEHIND, readAs } from './row.ts';

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
  const { updated, invited } = await optimistic(
    async () => {
      const { member, pending } = await findMember(ctx.db, actor, input.memberId);
      if (member.role === 'owner' || wanted.role === 'owner') requireOwnersRights(actor);
      const change = differences(member, wanted);
      if (member.role === 'owner' && change.role !== undefined) {
        throw refusal(
          'role',
          'ONLY_OWNER',
          'Cannot demote the only owner. Transfer ownership first.',
        );
      }
      if (Object.keys(change).length === 0) return { updated: member, invited: [] };
      const updated = { ...member, ...change, modifiedAt: ctx.now() };
      const isElsewhere = updated.email.toLowerCase() !== member.email.toLowerCase();
      const invited = isElsewhere ? pending : [];
      const isWritten = await write(ctx, member, updated, { isElsewhere, invited });
      return isWritten ? { updated, invited } : undefined;
    },
    // Of two who are made the owner at once, the later looks again.
    { constraints: [LEFT_BEHIND, 'members_owner_key'] },
  );
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

/** Writes the member as they are to be, with their live seats; false, with nothing changed, where they are not as they were. */
async function write(
  ctx: Ctx,
  member: Member,
  updated: Member & { modifiedAt: Date },
  { isElsewhere, invited }: { isElsewhere: boolean; invited: readonly string[] },
): Promise<boolean> {
  const at = updated.modifiedAt;
  const invitations = invited.map(id => newInvitation(ctx.secretKey, id, at));
  const changesRole = updated.role !== member.role;
  try {
    const rows = await ctx.sql.change(UPDATE, [
      ...readAs(member),
      at,
      updated.email,
      updated.name,
      updated.role,
      changesRole || isElsewhere ? TOKEN_CHANNEL : null,
      invited,
      invitations.map(({ invitationNonce }) => invitationNonce),
      invitations.map(({ invitationTokenHash }) => invitationTokenHash),
      invitations.map(({ invitationTokenExpiresAt }) => invitationTokenExpiresAt),
      isElsewhere,
    ]);
    return rows.length === 1;
  } catch (error) {
    throw refusedByDatabase(violatedConstraint(error)) ?? error;
  }
}

// The member's row is had before any seat is written: nobody gives them one with the old address any more. One that was
// given just before is seen by the last look of all, and so is one that waits, and has no invitation to the new address.
const UPDATE: Statement = {
  name: 'update_member',
  text: `
    WITH held AS (
      SELECT m.organization_id, m.id, m.customer_id FROM members m
       WHERE ${AS_READ}
         FOR NO KEY UPDATE
    ), former AS (
      UPDATE members m SET role = 'billing_manager', modified_at = $7::timestamptz
        FROM held
       WHERE $10::member_role = 'owner' AND $3::member_role <> 'owner'
         AND m.organization_id = held.organization_id AND m.customer_id = held.customer_id
         AND m.role = 'owner' AND m.deleted_at IS NULL
      RETURNING m.id
    ), member AS (
      UPDATE members m SET email = $8, name = $9, role = $10::member_role, modified_at = $7::timestamptz
        FROM held
       WHERE m.organization_id = held.organization_id AND m.id = held.id
         AND (SELECT count(*) FROM former) >= 0
      RETURNING m.*
    ), renewed AS (
      UPDATE customer_seats s
         SET email = m.email, modified_at = $7::timestamptz, invitation_nonce = i.nonce,
             invitation_token_hash = i.token_hash, invitation_token_expires_at = i.expires_at
        FROM member m
       CROSS JOIN unnest($12::uuid[], $13::bytea[], $14::bytea[], $15::timestamptz[])
               AS i (seat_id, nonce, token_hash, expires_at)
       WHERE s.organization_id = m.organization_id AND s.member_id = m.id AND s.id = i.seat_id AND s.status = 'pending'
      RETURNING s.*
    ), moved AS (
      UPDATE customer_seats s SET email = m.email, modified_at = $7::timestamptz
        FROM member m
       WHERE m.email <> $4
         AND s.organization_id = m.organization_id AND s.member_id = m.id AND s.status <> 'revoked'
         AND (s.status <> 'pending' OR NOT $16::boolean)
      RETURNING s.id
    ), session AS (
      UPDATE member_sessions s SET ended_at = $7::timestamptz
        FROM member m
       WHERE $16::boolean AND s.organization_id = m.organization_id AND s.member_id = m.id AND s.ended_at IS NULL
      RETURNING s.id
    ), event AS (
      ${insertEvent('renewed s CROSS JOIN member m', {
        type: `'customer_seat.invitation_resent'`,
        id: 'gen_random_uuid()',
        now: '$7::timestamptz',
      })}
       ORDER BY s.created_at, s.id
    ), seats AS (
      SELECT (SELECT count(*) FROM renewed) + (SELECT count(*) FROM moved) AS n
    ), ended AS (
      SELECT count(*) AS n FROM session
    )
    SELECT CASE WHEN $11::text IS NOT NULL THEN pg_notify($11, '')::text END,
           -- To have counted them is to have written them.
           CASE WHEN m.email <> $4 AND seats.n >= 0
                THEN refuse_left_behind(m.organization_id, m.id, m.email)::text
           END,
           CASE WHEN $16::boolean AND ended.n >= 0 THEN refuse_open_sessions(m.organization_id, m.id)::text END
      FROM member m CROSS JOIN seats CROSS JOIN ended`,
};

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
