import { randomUUID } from 'node:crypto';
import type { Sql, Statement } from '../db/sql.ts';
import { type Assigned, type AssignedState, outcomeOf } from './assigned.ts';
import { insertEvent } from './event-sql.ts';
import {
  GIVES_SEATS,
  MEMBER_MODEL,
  oldestRevoked,
  type PoolKind,
  type reachable,
  reachableBy,
  TABLE,
} from './read-pool.ts';
import { SEAT_COLUMNS } from './seat-row.ts';

/** By what the holder is known: a member of the paying customer, or, without the member model, a customer. */
type HolderBy = 'member' | 'email' | 'externalMember' | 'customer' | 'customerEmail';

/** Which seat is assigned to whom, by the keys that a statement finds them with. */
export interface Target {
  kind: PoolKind;
  pool: ReturnType<typeof reachable>;
  by: HolderBy;
  /** The holder's id or address. Who is known by an address is made where nobody has it. */
  holder: string;
  /** What the member with the address is to be known by from now on, unless there is something already. */
  externalMemberId?: string | undefined;
  /** The revoked seat of the pool that is given again; without one, the seat gets a row of its own. */
  revokedSeatId?: string | null;
}

/**
 * Assigns one seat with one statement: all that `assignUnderLock` writes, or nothing. Throws what the database says where
 * that would break one of its promises.
 */
export async function assignOne(
  sql: Sql,
  { kind, pool, by, holder, externalMemberId, revokedSeatId }: Target,
  stateOf: (seatId: string) => AssignedState,
): Promise<Assigned> {
  const isAgain = typeof revokedSeatId === 'string';
  const state = stateOf(isAgain ? revokedSeatId : randomUUID());
  const [row] = await sql.change(STATEMENTS[kind][by][isAgain ? 'again' : 'new'], [
    ...pool,
    holder,
    state.seatId,
    state.eventId,
    state.status,
    state.metadata,
    state.at,
    state.claimedAt,
    state.invitationNonce,
    state.invitationTokenHash,
    state.invitationTokenExpiresAt,
    state.eventType,
    ...(by === 'member' ? [] : [randomUUID()]),
    ...(by === 'externalMember' ? [externalMemberId] : []),
    ...(by === 'customerEmail' ? [randomUUID()] : []),
  ]);
  return row === undefined ? { kind: 'refused' } : outcomeOf(row);
}

/** A row of its own for the seat, or a revoked one of the pool. */
type Place = 'new' | 'again';

/** Where the pool has revoked seats, no other row is made for one. */
const placeOf = {
  new: (_kind: PoolKind, areOfPool: string) => `
    SELECT * FROM pool WHERE ${areOfPool} AND seats_revoked = 0`,
  again: (kind: PoolKind, areOfPool: string) => `
    SELECT pool.*
      FROM pool
      JOIN customer_seats s ON s.organization_id = pool.organization_id AND s.${kind}_id = pool.id
     WHERE ${areOfPool} AND s.id = $5::uuid AND s.status = 'revoked'
       FOR NO KEY UPDATE OF s`,
} as const;

const memberBy = (condition: string) => `
  known AS (
    SELECT m.*
      FROM place
      JOIN members m ON m.organization_id = place.organization_id AND m.customer_id = place.customer_id
     WHERE ${condition} AND m.deleted_at IS NULL
       FOR NO KEY UPDATE OF m
  )`;

const NOBODY_ELSE = `
  ON CONFLICT (organization_id, customer_id, lower(email)) WHERE deleted_at IS NULL DO NOTHING
  RETURNING *`;

/**
 * The customer is there already, or is made; each has a live seat of the pool at most once, whatever its address. The
 * member has the customer's, which an import may have left with blanks around it: the long way knows what to drop. One
 * that somebody else is making fails the statement, so that no customer is left without a seat.
 */
const customerOf = (kind: PoolKind, people: string) => `
  person AS (
    SELECT c.id, c.email
      FROM place CROSS JOIN (${people}) AS c
     WHERE (c.email IS NULL OR c.email ~ '^[!-~]+$')
       AND NOT EXISTS (SELECT FROM customer_seats s
                        WHERE s.organization_id = place.organization_id AND s.customer_id = c.id
                          AND s.status <> 'revoked' AND s.${kind}_id = place.id)
  ), known AS (
    SELECT m.*
      FROM place CROSS JOIN person
      JOIN members m ON m.organization_id = place.organization_id AND m.customer_id = place.customer_id
     WHERE lower(m.email) = lower(person.email) AND m.deleted_at IS NULL
       FOR NO KEY UPDATE OF m
  ), made AS (
    INSERT INTO members (organization_id, id, created_at, customer_id, email)
    SELECT place.organization_id, $15::uuid, $9::timestamptz, place.customer_id, person.email
      FROM place CROSS JOIN person
     WHERE person.email IS NOT NULL AND NOT EXISTS (SELECT FROM known)
    RETURNING *
  )`;

/** Finds or makes the member, as `known` and `made`, and before them the customer without the member model, as `person`. */
const HOLDERS: Record<HolderBy, (kind: PoolKind) => string> = {
  member: () => `
    ${memberBy('m.id = $4::uuid')}, made AS (
      SELECT * FROM known WHERE false
    )`,
  email: () => `
    ${memberBy('lower(m.email) = lower($4)')}, made AS (
      INSERT INTO members (organization_id, id, created_at, customer_id, email)
      SELECT organization_id, $15::uuid, $9::timestamptz, customer_id, $4 FROM place
       WHERE NOT EXISTS (SELECT FROM known)
      ${NOBODY_ELSE}
    )`,
  externalMember: () => `
    known AS (
      UPDATE members m SET external_id = $16, modified_at = $9::timestamptz
        FROM place
       WHERE m.organization_id = place.organization_id AND m.customer_id = place.customer_id
         AND lower(m.email) = lower($4) AND m.external_id IS NULL AND m.deleted_at IS NULL
      RETURNING m.*
    ), made AS (
      INSERT INTO members (organization_id, id, created_at, modified_at, customer_id, email, external_id)
      SELECT organization_id, $15::uuid, $9::timestamptz, $9::timestamptz, customer_id, $4, $16 FROM place
       WHERE NOT EXISTS (SELECT FROM known)
      ${NOBODY_ELSE}
    )`,
  customer: kind =>
    customerOf(
      kind,
      `SELECT c.id, c.email
         FROM place JOIN customers c ON c.organization_id = place.organization_id
        WHERE c.id = $4::uuid AND c.deleted_at IS NULL`,
    ),
  customerEmail: kind => `
    known_customer AS (
      SELECT c.id, c.email
        FROM place JOIN customers c ON c.organization_id = place.organization_id
       WHERE lower(c.email) = lower($4) AND c.deleted_at IS NULL
    ), made_customer AS (
      INSERT INTO customers (organization_id, id, created_at, email)
      SELECT organization_id, $16::uuid, $9::timestamptz, $4 FROM place
       WHERE NOT EXISTS (SELECT FROM known_customer)
      ON CONFLICT (organization_id, lower(email)) WHERE deleted_at IS NULL DO NOTHING
      RETURNING id, email
    ), ${customerOf(kind, 'SELECT * FROM known_customer UNION ALL SELECT * FROM made_customer')}`,
};

/** What differs with whom a seat can be given to. */
interface Holders {
  /** Whether a pool's organization knows them so. */
  areOfPool: string;
  /** The member `m`, or nobody, beside the place; and whether that is all there has to be. */
  from: string;
  isComplete: string;
  /** What the seat's row says of the holder. */
  customerId: string;
  email: string;
  /** The seat `s` beside its member `m`, or nobody. */
  ofSeat: string;
}

const MEMBERS: Holders = {
  areOfPool: 'has_members',
  from: 'place CROSS JOIN holder m',
  isComplete: 'true',
  customerId: 'place.customer_id',
  email: 'm.email',
  ofSeat: 'seat s CROSS JOIN holder m',
};

const CUSTOMERS: Holders = {
  areOfPool: 'NOT has_members',
  from: 'place CROSS JOIN person LEFT JOIN holder m ON true',
  isComplete: '(person.email IS NULL OR m.id IS NOT NULL)',
  customerId: 'person.id',
  email: 'person.email',
  ofSeat: 'seat s LEFT JOIN holder m ON true',
};

const writeSeat = {
  new: (kind: PoolKind, { customerId, email, from, isComplete }: Holders) => `
    INSERT INTO customer_seats
           (organization_id, id, created_at, ${kind}_id, status, customer_id, member_id, email, metadata, claimed_at,
            invitation_nonce, invitation_token_hash, invitation_token_expires_at)
    SELECT place.organization_id, $5::uuid, $9::timestamptz, place.id, $7::seat_status, ${customerId}, m.id, ${email},
           $8::jsonb, $10::timestamptz, $11::bytea, $12::bytea, $13::timestamptz
      FROM ${from}
     WHERE ${isComplete}
    RETURNING *`,
  again: (_kind: PoolKind, { customerId, email, from, isComplete }: Holders) => `
    UPDATE customer_seats s
       SET modified_at = $9::timestamptz, status = $7::seat_status, customer_id = ${customerId}, member_id = m.id,
           email = ${email}, metadata = $8::jsonb, claimed_at = $10::timestamptz, revoked_at = NULL,
           invitation_nonce = $11::bytea, invitation_token_hash = $12::bytea,
           invitation_token_expires_at = $13::timestamptz
      FROM ${from}
     WHERE s.organization_id = place.organization_id AND s.id = $5::uuid AND ${isComplete}
    RETURNING s.*`,
} as const;

/** The locks are taken in the order of the long way: the pool, a revoked seat that nobody else wants, the member. */
function statementOf(kind: PoolKind, by: HolderBy, place: Place): Statement {
  const holders = by === 'customer' || by === 'customerEmail' ? CUSTOMERS : MEMBERS;
  return {
    name: `assign_${kind}_by_${by}_${place}`,
    text: `
      WITH pool AS (
        SELECT p.organization_id, p.id, p.customer_id, p.seats_revoked, o.sends_invitations,
               ${MEMBER_MODEL} AS has_members
          FROM ${TABLE[kind]} p JOIN organizations o ON o.id = p.organization_id
         WHERE ${reachableBy('id')} AND ${GIVES_SEATS[kind]}
           FOR NO KEY UPDATE OF p
      ), place AS (
        ${placeOf[place](kind, holders.areOfPool)}
      ), ${HOLDERS[by](kind)}, holder AS (
        SELECT * FROM known UNION ALL SELECT * FROM made
      ), seat AS (
        ${writeSeat[place](kind, holders)}
      ), event AS (
        ${insertEvent(holders.ofSeat, {
          type: '$14::text',
          id: '$6::uuid',
          now: '$9::timestamptz',
        })}
      )
      SELECT ${SEAT_COLUMNS}, pool.has_members, pool.sends_invitations, ${oldestRevoked(kind, 'pool.organization_id')}
        FROM pool LEFT JOIN seat s ON true LEFT JOIN holder m ON s.id IS NOT NULL`,
  };
}

const byPlace = (kind: PoolKind, by: HolderBy) => ({
  new: statementOf(kind, by, 'new'),
  again: statementOf(kind, by, 'again'),
});

const byHolder = (kind: PoolKind) => ({
  member: byPlace(kind, 'member'),
  email: byPlace(kind, 'email'),
  externalMember: byPlace(kind, 'externalMember'),
  customer: byPlace(kind, 'customer'),
  customerEmail: byPlace(kind, 'customerEmail'),
});

const STATEMENTS = { subscription: byHolder('subscription'), order: byHolder('order') };
