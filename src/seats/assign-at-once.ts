import { randomUUID } from 'node:crypto';
import type { Ctx } from '../context.ts';
import { isDeadlock, violatedConstraint } from '../db/constraints.ts';
import type { Statement } from '../db/sql.ts';
import type { KnownActor } from './access.ts';
import type { Assigned } from './assign-together.ts';
import { insertEvent } from './event-sql.ts';
import type { AssignSeatInput } from './inputs.ts';
import { NO_INVITATION, newInvitation } from './invitation.ts';
import { type InvitedSeat, invitationLink } from './invitation-link.ts';
import {
  GIVES_SEATS,
  oldestRevoked,
  type PoolKind,
  REACHABLE,
  reachable,
  TABLE,
} from './read-pool.ts';
import { SEAT_COLUMNS, SEAT_WIDTH, type SeatRow, toSeat } from './seat-row.ts';

/** By what the member is known. */
type MemberBy = 'email' | 'member';

/** A row of its own for the seat, or a revoked one of the pool. */
type Place = 'new' | 'again';

/**
 * `assignUnderLock` as one statement, for what is asked most: a pool by its id, a person by e-mail address or as a member,
 * in an organization with the member model; two, where a revoked seat is given again. Undefined, with nothing changed,
 * wherever it cannot be done so, whatever the reason: then the long way does it, or says why not.
 *
 * Exact under READ COMMITTED: whoever has waited for the pool's row sees its newest version, and the conditions on it are
 * looked at again. That nobody gets two live seats is the unique indexes' to see to.
 */
export async function assignAtOnce(
  ctx: Ctx,
  actor: KnownActor,
  input: AssignSeatInput,
): Promise<InvitedSeat | undefined> {
  const { source, recipient } = input;
  if (source.kind === 'checkout') return undefined;
  if (recipient.kind !== 'email' && recipient.kind !== 'member') return undefined;
  const wanted: Wanted = {
    kind: source.kind,
    by: recipient.kind,
    pool: reachable(actor, source.id),
    member: recipient.kind === 'email' ? recipient.email.trim() : recipient.memberId,
  };
  try {
    const first = await assignNew(ctx, input, wanted);
    if (first.kind !== 'again') return first.kind === 'assigned' ? invited(ctx, first) : undefined;
    const second = await attempt(ctx, input, wanted, { place: 'again', seatId: first.seatId });
    return second.kind === 'assigned' ? invited(ctx, second) : undefined;
  } catch (error) {
    if (violatedConstraint(error) !== undefined || isDeadlock(error)) return undefined;
    throw error;
  }
}

function invited(
  ctx: Ctx,
  { seat, sendsInvitations }: Extract<Assigned, { kind: 'assigned' }>,
): InvitedSeat {
  return { ...seat, invitationUrl: invitationLink(ctx, seat, { sendsInvitations }) };
}

interface Wanted {
  kind: PoolKind;
  by: MemberBy;
  pool: ReturnType<typeof reachable>;
  /** The member's address or id. */
  member: string;
}

async function assignNew(ctx: Ctx, input: AssignSeatInput, wanted: Wanted): Promise<Assigned> {
  const seatId = randomUUID();
  const { kind, by, pool, member: email } = wanted;
  const [[organizationId, ...others], poolId, customerId] = pool;
  if (by !== 'email' || organizationId === undefined || others.length > 0) {
    return await attempt(ctx, input, wanted, { place: 'new', seatId });
  }
  const written = stateOf(ctx, input, seatId);
  const target = { kind, organizationId, poolId, customerId, email, memberId: randomUUID() };
  return await ctx.assignTogether({ ...target, ...written });
}

/** What is written of the seat and its event, whoever gets it. */
function stateOf(ctx: Ctx, { metadata, immediateClaim }: AssignSeatInput, seatId: string) {
  const at = ctx.now();
  const facts = { seatId, eventId: randomUUID(), metadata: JSON.stringify(metadata ?? {}), at };
  return immediateClaim
    ? ({
        ...facts,
        ...NO_INVITATION,
        eventType: 'customer_seat.claimed',
        status: 'claimed',
        claimedAt: at,
        invitationTokenExpiresAt: null,
      } as const)
    : ({
        ...facts,
        ...newInvitation(ctx.secretKey, seatId, at),
        eventType: 'customer_seat.assigned',
        status: 'pending',
        claimedAt: null,
      } as const);
}

type Row = readonly [...SeatRow, sendsInvitations: boolean, revokedId: string | null];

async function attempt(
  ctx: Ctx,
  input: AssignSeatInput,
  { kind, by, pool, member }: Wanted,
  { place, seatId }: { place: Place; seatId: string },
): Promise<Assigned> {
  const state = stateOf(ctx, input, seatId);
  const [row] = await ctx.sql.change<Row>(STATEMENTS[kind][by][place], [
    ...pool,
    member,
    seatId,
    state.eventId,
    state.status,
    state.metadata,
    state.at,
    state.claimedAt,
    state.invitationNonce,
    state.invitationTokenHash,
    state.invitationTokenExpiresAt,
    state.eventType,
    ...(by === 'email' ? [randomUUID()] : []),
  ]);
  if (row === undefined) return { kind: 'refused' };
  const [sendsInvitations, revokedId] = row.slice(SEAT_WIDTH) as [boolean, string | null];
  if (row[1] !== null) {
    return { kind: 'assigned', seat: toSeat(row as unknown as SeatRow), sendsInvitations };
  }
  return revokedId === null ? { kind: 'refused' } : { kind: 'again', seatId: revokedId };
}

const KNOWN = {
  email: 'm.customer_id = place.customer_id AND lower(m.email) = lower($4)',
  member: 'm.customer_id = place.customer_id AND m.id = $4::uuid',
} as const;

/** Nobody, where the member has to be there already. */
const MADE = {
  email: `
    INSERT INTO members (organization_id, id, created_at, customer_id, email)
    SELECT organization_id, $15::uuid, $9::timestamptz, customer_id, $4 FROM place
     WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (organization_id, customer_id, lower(email)) WHERE deleted_at IS NULL DO NOTHING
    RETURNING *`,
  member: 'SELECT * FROM known WHERE false',
} as const;

/** Where the pool has revoked seats, no other row is made for one. */
const placeOf = {
  new: () => 'SELECT * FROM pool WHERE seats_revoked = 0',
  again: (kind: PoolKind) => `
    SELECT pool.*
      FROM pool
      JOIN customer_seats s ON s.organization_id = pool.organization_id AND s.${kind}_id = pool.id
     WHERE s.id = $5::uuid AND s.status = 'revoked'
       FOR NO KEY UPDATE OF s`,
} as const;

const writeSeat = {
  new: (kind: PoolKind) => `
    INSERT INTO customer_seats
           (organization_id, id, created_at, ${kind}_id, status, customer_id, member_id, email, metadata, claimed_at,
            invitation_nonce, invitation_token_hash, invitation_token_expires_at)
    SELECT place.organization_id, $5::uuid, $9::timestamptz, place.id, $7::seat_status, place.customer_id, m.id, m.email,
           $8::jsonb, $10::timestamptz, $11::bytea, $12::bytea, $13::timestamptz
      FROM place, holder m
    RETURNING *`,
  again: () => `
    UPDATE customer_seats s
       SET modified_at = $9::timestamptz, status = $7::seat_status, customer_id = place.customer_id, member_id = m.id,
           email = m.email, metadata = $8::jsonb, claimed_at = $10::timestamptz, revoked_at = NULL,
           invitation_nonce = $11::bytea, invitation_token_hash = $12::bytea,
           invitation_token_expires_at = $13::timestamptz
      FROM place, holder m
     WHERE s.organization_id = place.organization_id AND s.id = $5::uuid
    RETURNING s.*`,
} as const;

/** The locks are taken in the order of the long way: the pool, a revoked seat that nobody else wants, the member. */
function statementOf(kind: PoolKind, by: MemberBy, place: Place): Statement {
  return {
    name: `assign_${kind}_by_${by}_${place}`,
    text: `
      WITH pool AS (
        SELECT p.organization_id, p.id, p.customer_id, p.seats_revoked, o.sends_invitations
          FROM ${TABLE[kind]} p JOIN organizations o ON o.id = p.organization_id
         WHERE ${REACHABLE} AND ${GIVES_SEATS[kind]}
           FOR NO KEY UPDATE OF p
      ), place AS (
        ${placeOf[place](kind)}
      ), known AS (
        SELECT m.*
          FROM place JOIN members m ON m.organization_id = place.organization_id
         WHERE ${KNOWN[by]} AND m.deleted_at IS NULL
           FOR NO KEY UPDATE OF m
      ), made AS (
        ${MADE[by]}
      ), holder AS (
        SELECT * FROM known UNION ALL SELECT * FROM made
      ), seat AS (
        ${writeSeat[place](kind)}
      ), event AS (
        ${insertEvent('seat s, holder m', {
          type: '$14::text',
          id: '$6::uuid',
          now: '$9::timestamptz',
        })}
      )
      SELECT ${SEAT_COLUMNS}, pool.sends_invitations, ${oldestRevoked(kind, 'pool.organization_id')}
        FROM pool LEFT JOIN seat s ON true LEFT JOIN holder m ON s.id IS NOT NULL`,
  };
}

const byPlace = (kind: PoolKind, by: MemberBy) => ({
  new: statementOf(kind, by, 'new'),
  again: statementOf(kind, by, 'again'),
});

const byMember = (kind: PoolKind) => ({
  email: byPlace(kind, 'email'),
  member: byPlace(kind, 'member'),
});

const STATEMENTS = { subscription: byMember('subscription'), order: byMember('order') };
