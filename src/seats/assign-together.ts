import { createBatch } from '../db/batch.ts';
import { DatabaseBusy, isInTheWay } from '../db/constraints.ts';
import type { Sql, Statement } from '../db/sql.ts';
import { type Assigned, type AssignedState, outcomeOf } from './assigned.ts';
import { insertEvent } from './event-sql.ts';
import {
  GIVES_SEATS,
  isOfPool,
  MEMBER_MODEL,
  oldestRevoked,
  type PoolKind,
  TABLE,
} from './read-pool.ts';
import { SEAT_COLUMNS, SEAT_WIDTH } from './seat-row.ts';

/** A seat of a pool for somebody by e-mail address, with all that is to be written. */
interface Assignment extends AssignedState {
  organizationId: string;
  kind: PoolKind;
  poolId: string;
  /** The customer whose pool it has to be; null for whoever reaches all of the organization. */
  customerId: string | null;
  email: string;
  memberId: string;
}

/** Assigns a seat, together with what others assign at the same time. */
export type AssignTogether = (assignment: Assignment) => Promise<Assigned>;

/** Somebody else holds the pool's row. */
const HELD = { kind: 'held' } as const;
const REFUSED = { kind: 'refused' } as const;

/**
 * Joins the assignments of one organization that are asked for at the same time in one statement: one round trip, one
 * commit, and one wait for the disk. It waits for no pool that somebody else holds; an assignment that found it so is to
 * be made again, joined with others of its pool, and waits then.
 */
export function createAssignTogether(sql: Sql): AssignTogether {
  // Few at a time, each the larger for it.
  const one = { inFlight: 1, inFlightOfAll: 2, most: 100 } as const;
  const ofOrganization = createBatch(
    (assignments: readonly Assignment[]) => assign(sql, assignments, 'SKIP LOCKED'),
    { ...one, groupOf: ({ kind, organizationId }) => kind + organizationId },
  );
  const ofPool = createBatch((assignments: readonly Assignment[]) => assign(sql, assignments, ''), {
    ...one,
    groupOf: ({ kind, organizationId, poolId }) => kind + organizationId + poolId,
  });
  return async assignment => {
    const assigned = await ofOrganization(assignment);
    if (assigned.kind !== 'held') return assigned;
    const waited = await ofPool(assignment);
    return waited.kind === 'held' ? REFUSED : waited;
  };
}

type Locked = 'SKIP LOCKED' | '';

/** How many columns `outcomeOf` reads. */
const WIDTH = SEAT_WIDTH + 3;

/** Assignments of one organization and of one kind of pool. */
async function assign(
  sql: Sql,
  assignments: readonly Assignment[],
  locked: Locked,
): Promise<(Assigned | typeof HELD)[]> {
  const [first] = assignments;
  if (first === undefined) return [];
  const places = placesOf(assignments);
  // Two that make the same people do it in the same order.
  const wanted = [...places.keys()].toSorted((a, b) => (a.email < b.email ? -1 : 1));
  const column = <Value>(value: (assignment: Assignment) => Value) => wanted.map(value);
  try {
    const rows = await sql.change(STATEMENTS[first.kind][locked], [
      first.organizationId,
      first.at,
      column(({ poolId }) => poolId),
      column(({ customerId }) => customerId),
      column(({ email }) => email),
      column(({ memberId }) => memberId),
      column(({ seatId }) => seatId),
      column(({ eventId }) => eventId),
      column(({ eventType }) => eventType),
      column(({ status }) => status),
      column(({ metadata }) => metadata),
      column(({ claimedAt }) => claimedAt),
      column(({ invitationNonce }) => invitationNonce),
      column(({ invitationTokenHash }) => invitationTokenHash),
      column(({ invitationTokenExpiresAt }) => invitationTokenExpiresAt),
      column(assignment => places.get(assignment)),
    ]);
    const results = new Map(
      rows.map(row => {
        const [n, state] = row.slice(WIDTH) as [number, 'ours' | 'held' | 'refused'];
        return [wanted[n - 1], { ours: outcomeOf(row), held: HELD, refused: REFUSED }[state]];
      }),
    );
    return assignments.map(assignment => results.get(assignment) ?? REFUSED);
  } catch (error) {
    // One of them would break a rule, or waits for something: each for itself.
    const hasWaited = error instanceof DatabaseBusy && error.isUndone && locked !== '';
    if (isInTheWay(error) || hasWaited) return assignments.map(() => REFUSED);
    throw error;
  }
}

/** Which seat of its pool each takes, counted from 1. Whoever asks twice for the same person is left out. */
function placesOf(assignments: readonly Assignment[]): Map<Assignment, number> {
  const people = new Set<string>();
  const taken = new Map<string, number>();
  const places = new Map<Assignment, number>();
  for (const assignment of assignments) {
    const { poolId, email } = assignment;
    const person = `${poolId} ${email.toLowerCase()}`;
    if (people.has(person)) continue;
    people.add(person);
    const place = (taken.get(poolId) ?? 0) + 1;
    taken.set(poolId, place);
    places.set(assignment, place);
  }
  return places;
}

/**
 * Exact under READ COMMITTED: of a pool that was changed since the statement began the newest version is locked, and its
 * conditions are looked at again. That nobody gets two live seats is the unique indexes' to see to; the looks before only
 * keep one such assignment from undoing the others.
 *
 * `n` is always within its bounds: to name them makes the planner expect few rows however many there are, so that it
 * keeps one plan. To plan this anew takes longer than to do it.
 */
function statementOf(kind: PoolKind, locked: Locked): Statement {
  return {
    name: `assign_together_${kind}${locked && '_skip'}`,
    text: `
      WITH wanted AS (
        SELECT *
          FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::text[],
                      $11::text[], $12::timestamptz[], $13::bytea[], $14::bytea[], $15::timestamptz[], $16::integer[])
               WITH ORDINALITY AS w (pool_id, customer_id, email, member_id, seat_id, event_id, event_type, status,
                                     metadata, claimed_at, nonce, token_hash, expires_at, place, n)
         WHERE n BETWEEN 1 AND 1000
      ), pool AS (
        SELECT p.id, p.customer_id, p.seats - p.seats_used AS free, p.seats_revoked, o.sends_invitations,
               ${MEMBER_MODEL} AS has_members
          FROM ${TABLE[kind]} p JOIN organizations o ON o.id = p.organization_id
         WHERE p.organization_id = $1::uuid AND p.id IN (SELECT pool_id FROM wanted) AND ${GIVES_SEATS[kind]}
           FOR NO KEY UPDATE OF p ${locked}
      ), place AS (
        SELECT w.*, pool.customer_id AS team
          FROM wanted w JOIN pool ON pool.id = w.pool_id
         WHERE (w.customer_id IS NULL OR w.customer_id = pool.customer_id)
           AND pool.has_members AND pool.seats_revoked = 0 AND w.place <= pool.free
           AND NOT EXISTS (SELECT FROM customer_seats s
                            WHERE s.organization_id = $1::uuid AND lower(s.email) = lower(w.email)
                              AND ${isOfPool(kind, 'w.pool_id')})
      ), known AS (
        SELECT w.n, w.pool_id, m.*
          FROM place w JOIN members m
            ON m.organization_id = $1::uuid AND m.customer_id = w.team AND lower(m.email) = lower(w.email)
         WHERE m.deleted_at IS NULL
           FOR NO KEY UPDATE OF m ${locked}
      ), made AS (
        INSERT INTO members (organization_id, id, created_at, customer_id, email)
        SELECT DISTINCT ON (team, lower(email)) $1::uuid, member_id, $2::timestamptz, team, email
          FROM place w
         WHERE NOT EXISTS (SELECT FROM known WHERE known.n = w.n)
        ON CONFLICT (organization_id, customer_id, lower(email)) WHERE deleted_at IS NULL DO NOTHING
        RETURNING *
      ), holder AS (
        SELECT k.n, k.id, k.created_at, k.modified_at, k.deleted_at, k.customer_id, k.email, k.name, k.external_id, k.role
          FROM known k
         WHERE NOT EXISTS (SELECT FROM customer_seats s
                            WHERE s.organization_id = $1::uuid AND s.member_id = k.id
                              AND ${isOfPool(kind, 'k.pool_id')})
        UNION ALL
        SELECT w.n, m.id, m.created_at, m.modified_at, m.deleted_at, m.customer_id, m.email, m.name, m.external_id, m.role
          FROM made m JOIN place w ON w.team = m.customer_id AND lower(w.email) = lower(m.email)
      ), seat AS (
        INSERT INTO customer_seats
               (organization_id, id, created_at, ${kind}_id, status, customer_id, member_id, email, metadata, claimed_at,
                invitation_nonce, invitation_token_hash, invitation_token_expires_at)
        SELECT $1::uuid, w.seat_id, $2::timestamptz, w.pool_id, w.status::seat_status, w.team, m.id, m.email,
               w.metadata::jsonb, w.claimed_at, w.nonce, w.token_hash, w.expires_at
          FROM place w JOIN holder m ON m.n = w.n
        RETURNING *
      ), event AS (
        ${insertEvent('seat s JOIN wanted w ON w.seat_id = s.id JOIN holder m ON m.n = w.n', {
          type: 'w.event_type',
          id: 'w.event_id',
          now: '$2::timestamptz',
        })}
      )
      SELECT ${SEAT_COLUMNS}, pool.has_members, pool.sends_invitations, ${oldestRevoked(kind, '$1::uuid')},
             w.n::integer,
             CASE WHEN pool.id IS NOT NULL THEN 'ours'
                  WHEN EXISTS (SELECT FROM ${TABLE[kind]} p JOIN organizations o ON o.id = p.organization_id
                                WHERE p.organization_id = $1::uuid AND p.id = w.pool_id AND ${GIVES_SEATS[kind]})
                  THEN 'held'
                  ELSE 'refused'
             END
        FROM wanted w
        LEFT JOIN pool ON pool.id = w.pool_id
        LEFT JOIN seat s ON s.id = w.seat_id
        LEFT JOIN holder m ON m.n = w.n AND s.id IS NOT NULL`,
  };
}

const byLock = (kind: PoolKind): Record<Locked, Statement> => ({
  'SKIP LOCKED': statementOf(kind, 'SKIP LOCKED'),
  '': statementOf(kind, ''),
});

const STATEMENTS = { subscription: byLock('subscription'), order: byLock('order') };
