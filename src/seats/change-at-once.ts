import { randomUUID } from 'node:crypto';
import type { Ctx } from '../context.ts';
import { isDeadlock, violatedConstraint } from '../db/constraints.ts';
import type { Statement } from '../db/sql.ts';
import type { FoundSeat } from './find.ts';
import type { SeatEventType } from './outbox.ts';
import { type PoolKind, TABLE } from './read-pool.ts';
import { representSeat, type SeatView } from './view.ts';

/** A member's session that begins with the change. */
interface SessionRow {
  tokenHash: Uint8Array;
  id: string;
  expiresAt: Date;
  customerId: string;
  memberId: string;
}

export interface SeatChange {
  /** The seat as it is to be, and as the event tells it. */
  changed: SeatView;
  event: SeatEventType;
  at: Date;
  /** Whether a place in the pool is freed by it: the pool is locked then, before the seat. */
  freesPlace: boolean;
  session?: SessionRow | undefined;
}

/**
 * Changes a seat that was read before, records what happened to it, and begins a session, all with one statement: if the
 * seat is still as it was read. False, with nothing changed, where it is not, or something else is in the way; the long
 * way sees what.
 */
export async function changeAtOnce(
  ctx: Ctx,
  { seat, source }: FoundSeat,
  { changed, event, at, freesPlace, session }: SeatChange,
): Promise<boolean> {
  const statement = STATEMENTS[source.kind][freesPlace ? 'locked' : 'free'];
  try {
    const rows = await ctx.sql.change<[number]>(statement, [
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
    ]);
    return rows.length === 1;
  } catch (error) {
    if (violatedConstraint(error) !== undefined || isDeadlock(error)) return false;
    throw error;
  }
}

const LOCK = {
  locked: 'FOR NO KEY UPDATE',
  free: '',
} as const;

function statementOf(kind: PoolKind, lock: keyof typeof LOCK): Statement {
  return {
    name: `change_seat_of_${kind}_${lock}`,
    text: `
      WITH pool AS MATERIALIZED (
        SELECT p.id FROM ${TABLE[kind]} p
         WHERE p.organization_id = $1::uuid AND p.id = $3::uuid
         ${LOCK[lock]}
      ), seat AS (
        UPDATE customer_seats s
           SET modified_at = $18::timestamptz, status = $9::seat_status, customer_id = $10::uuid, member_id = $11::uuid,
               email = $12::text, invitation_nonce = $13::bytea, invitation_token_hash = $14::bytea,
               invitation_token_expires_at = $15::timestamptz, claimed_at = $16::timestamptz,
               revoked_at = $17::timestamptz
          FROM pool
         WHERE s.organization_id = $1::uuid AND s.id = $2::uuid AND s.${kind}_id = pool.id
           AND s.status = $4::seat_status AND s.customer_id IS NOT DISTINCT FROM $5::uuid
           AND s.member_id IS NOT DISTINCT FROM $6::uuid AND s.email IS NOT DISTINCT FROM $7::text
           AND s.invitation_token_hash IS NOT DISTINCT FROM $8::bytea
        RETURNING s.id
      ), event AS (
        INSERT INTO outbox_events (organization_id, id, created_at, type, seat_id, payload)
        SELECT $1::uuid, $19::uuid, $18::timestamptz, $20::text, seat.id, $21::json FROM seat
      ), session AS (
        INSERT INTO member_sessions (token_hash, id, created_at, expires_at, organization_id, customer_id, member_id)
        SELECT $22::bytea, $23::uuid, $18::timestamptz, $24::timestamptz, $1::uuid, $25::uuid, $26::uuid
          FROM seat WHERE $22::bytea IS NOT NULL
      )
      SELECT 1 FROM seat`,
  };
}

const byLock = (kind: PoolKind) => ({
  locked: statementOf(kind, 'locked'),
  free: statementOf(kind, 'free'),
});

const STATEMENTS = { subscription: byLock('subscription'), order: byLock('order') };
