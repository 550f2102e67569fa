import { randomUUID } from 'node:crypto';
import type { Ctx } from '../context.ts';
import { isInTheWay } from '../db/constraints.ts';
import type { Statement } from '../db/sql.ts';
import type { FoundSeat } from './find.ts';
import type { SeatEventType } from './outbox.ts';
import { type PoolKind, TABLE } from './read-pool.ts';
import { RESEND_IF_ALLOWED } from './resend-limits.ts';
import { representSeat, type SeatView } from './view.ts';

/** A session that begins with the change: a member's, or else a customer's. */
interface SessionRow {
  tokenHash: Uint8Array;
  id: string;
  expiresAt: Date;
  customerId: string;
  memberId: string | null;
}

export interface SeatChange {
  /** The seat as it is to be, and as the event tells it. */
  changed: SeatView;
  event: SeatEventType;
  at: Date;
  /** Whether a place in the pool is freed by it: the pool is locked then, before the seat. */
  freesPlace: boolean;
  /** Whether the member who gets the seat is made with it. */
  newMember?: boolean;
  session?: SessionRow | undefined;
  /** The values that `RESEND_IF_ALLOWED` asks for, where the seat changes only if its invitation can be resent. */
  resend?: readonly unknown[] | undefined;
}

/**
 * Changes a seat that was read before, records what happened to it, and begins a session, all with one statement: if the
 * seat is still as it was read, and, where it gets another member, that one is still live and has the address that was
 * read. False, with nothing changed, where it is not, or something else is in the way; the long way sees what.
 */
export async function changeAtOnce(
  ctx: Ctx,
  { seat, source }: FoundSeat,
  { changed, event, at, freesPlace, newMember = false, session, resend }: SeatChange,
): Promise<boolean> {
  const member = changed.memberId === seat.memberId ? null : changed.member;
  const holder =
    member === null || changed.memberId === null ? 'same' : newMember ? 'new' : 'known';
  const form = freesPlace ? 'revoked' : resend ? 'resent' : holder;
  const statement = STATEMENTS[source.kind][form];
  try {
    const rows = await ctx.sql.change<[boolean | null]>(statement, [
      seat.organizationId,
      seat.id,
      source.id,
      seat.status,
      seat.customerId,
      seat.memberId,
      seat.email,
      seat.invitationTokenHash,
      changed.status,
      changed.customerId,
      changed.memberId,
      changed.email,
      changed.invitationNonce,
      changed.invitationTokenHash,
      changed.invitationTokenExpiresAt,
      changed.claimedAt,
      changed.revokedAt,
      at,
      randomUUID(),
      event,
      JSON.stringify(representSeat(changed)),
      session?.tokenHash ?? null,
      session?.id ?? null,
      session?.expiresAt ?? null,
      session?.customerId ?? null,
      session?.memberId ?? null,
      ...(holder === 'same' ? (resend ?? []) : [member?.customerId, member?.email]),
    ]);
    const [row] = rows;
    const endedSessions = row?.[0] === true;
    if (endedSessions) ctx.actors.forgetTeam(source);
    return row !== undefined;
  } catch (error) {
    if (isInTheWay(error)) return false;
    throw error;
  }
}

type Form = 'revoked' | 'resent' | Holder;

/** Who has the seat afterwards: the same member, or nobody; one who is there already; one who is made with it. */
type Holder = 'same' | 'known' | 'new';

/** Who loses the seat is locked before it. */
const FORMER_HOLDER = `
      ), former AS MATERIALIZED (
        SELECT m.id FROM members m CROSS JOIN pool
         WHERE m.organization_id = $1::uuid AND m.id = $6::uuid
           FOR NO KEY UPDATE OF m`;

/** What has to be so besides, with a row where it is. */
const CONDITIONS: Record<Form, string> = {
  resent: RESEND_IF_ALLOWED,
  revoked: 'SELECT id FROM pool WHERE (SELECT count(*) FROM former) >= 0',
  same: 'SELECT id FROM pool',
  known: `
    SELECT m.id FROM members m
     WHERE m.organization_id = $1::uuid AND m.customer_id = $27::uuid AND m.id = $11::uuid AND m.email = $28
       AND m.deleted_at IS NULL
       FOR NO KEY UPDATE`,
  new: `
    INSERT INTO members (organization_id, id, created_at, customer_id, email)
    SELECT $1::uuid, $11::uuid, $18::timestamptz, $27::uuid, $28 FROM held
    ON CONFLICT (organization_id, customer_id, lower(email)) WHERE deleted_at IS NULL DO NOTHING
    RETURNING id`,
};

const sessionOf = (kind: 'member' | 'customer') => `
  INSERT INTO ${kind}_sessions
         (token_hash, id, created_at, expires_at, organization_id, customer_id${kind === 'member' ? ', member_id, begun_by_claim' : ''})
  SELECT $22::bytea, $23::uuid, $18::timestamptz, $24::timestamptz, $1::uuid, $25::uuid${kind === 'member' ? ', $26::uuid, true' : ''}
    FROM seat
   WHERE $22::bytea IS NOT NULL AND $26::uuid IS ${kind === 'member' ? 'NOT NULL' : 'NULL'}`;

const SESSIONS = `, member_session AS (${sessionOf('member')}
      ), customer_session AS (${sessionOf('customer')}
      )`;

const AS_READ = (kind: PoolKind) => `
  s.organization_id = $1::uuid AND s.id = $2::uuid AND s.${kind}_id = pool.id
  AND s.status = $4::seat_status AND s.customer_id IS NOT DISTINCT FROM $5::uuid
  AND s.member_id IS NOT DISTINCT FROM $6::uuid AND s.email IS NOT DISTINCT FROM $7::text
  AND s.invitation_token_hash IS NOT DISTINCT FROM $8::bytea`;

/** A claim gave the holder a session: it ends with the last of their seats. */
const ENDED_SESSIONS = `
  CASE WHEN $4::seat_status = 'claimed' AND $6::uuid IS NOT NULL
       THEN end_sessions_without_seat($1::uuid, $6::uuid, $18::timestamptz) END`;

/** The locks are taken in the order of the long way: the pool, the member, the seat; a member is made under the seat's. */
function statementOf(kind: PoolKind, form: Form): Statement {
  const held = `, held AS (
        SELECT s.id FROM customer_seats s, pool WHERE ${AS_READ(kind)} FOR NO KEY UPDATE OF s
      )`;
  return {
    name: `change_seat_of_${kind}_${form}`,
    text: `
      WITH pool AS MATERIALIZED (
        SELECT p.id FROM ${TABLE[kind]} p
         WHERE p.organization_id = $1::uuid AND p.id = $3::uuid
         ${form === 'revoked' ? 'FOR NO KEY UPDATE' : ''}
      ${form === 'revoked' ? FORMER_HOLDER : ''})${form === 'new' || form === 'resent' ? held : ''}, holder AS (
        ${CONDITIONS[form]}
      ), seat AS (
        UPDATE customer_seats s
           SET modified_at = $18::timestamptz, status = $9::seat_status, customer_id = $10::uuid, member_id = $11::uuid,
               email = $12::text, invitation_nonce = $13::bytea, invitation_token_hash = $14::bytea,
               invitation_token_expires_at = $15::timestamptz, claimed_at = $16::timestamptz,
               revoked_at = $17::timestamptz
          FROM pool CROSS JOIN holder
         WHERE ${AS_READ(kind)}
        RETURNING s.id
      ), event AS (
        INSERT INTO outbox_events (organization_id, id, created_at, type, seat_id, payload)
        SELECT $1::uuid, $19::uuid, $18::timestamptz, $20::text, seat.id, $21::json FROM seat
      )${SESSIONS}
      SELECT ${form === 'revoked' ? ENDED_SESSIONS : 'NULL'} FROM seat`,
  };
}

const byForm = (kind: PoolKind): Record<Form, Statement> => ({
  revoked: statementOf(kind, 'revoked'),
  resent: statementOf(kind, 'resent'),
  same: statementOf(kind, 'same'),
  known: statementOf(kind, 'known'),
  new: statementOf(kind, 'new'),
});

const STATEMENTS = { subscription: byForm('subscription'), order: byForm('order') };
