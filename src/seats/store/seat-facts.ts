import { type KnownActor, organizationsInReach, sessionCustomerOf } from '../../auth/access.ts';
import { hashToken } from '../../auth/token.ts';
import { StaleLook } from '../../db/constraints.ts';
import { fieldsOf } from '../../db/fields.ts';
import type { CustomerSeat, Member } from '../../db/generated/prisma/client.ts';
import { type Lookup, lookupCondition, lookupOrder } from '../../db/lookup.ts';
import type { Query, Sql, Statement } from '../../db/sql.ts';
import { trimmed } from '../../db/trim.ts';
import { MEMBER_COLUMNS, SEAT_COLUMNS } from '../columns.ts';
import type { SeatFacts, SeatPoolFacts } from '../rules/seat.ts';
import { poolOfSeat } from '../source.ts';
import type { SeatView } from '../view.ts';

// Reads everything that the rules for seats need, with one statement for any number of seats, once the rows are locked.

const SEAT = fieldsOf<CustomerSeat>(...SEAT_COLUMNS);
const MEMBER = fieldsOf<Member>(...MEMBER_COLUMNS);
const POOL = fieldsOf<Omit<SeatPoolFacts, 'organization'>>(
  'id',
  'customerId',
  'productId',
  'deletedAt',
);

const ORGANIZATION = fieldsOf<SeatPoolFacts['organization']>(
  'status',
  'deletedAt',
  'seatBasedPricingEnabled',
  'memberModelEnabled',
  'sendsInvitations',
);

const CUSTOMER = fieldsOf<NonNullable<SeatFacts['customer']> & { id: string }>(
  'id',
  'email',
  'deletedAt',
);
const BILLING_CUSTOMER = fieldsOf<{ id: string; deletedAt: Date | null }>('id', 'deletedAt');

const poolsOf = (table: 'subscriptions' | 'orders', column: string) => `
  (SELECT p.organization_id, p.id, p.customer_id, p.product_id, p.deleted_at
     FROM ${table} p
    WHERE p.organization_id = s.organization_id AND ${lookupCondition({ column: 'p.id', value: `s.${column}` })}
    ${lookupOrder({ column: 'p.id' })} LIMIT 1)`;

const HOLDER: Lookup = { column: 'members.id', value: 's.member_id' };
const ADDRESSEE: Lookup = {
  column: 'lower(members.email)',
  value: `lower(${trimmed('coalesce(s.email, c.email)')})`,
};

const SEAT_OF_ADDRESSEE: Lookup = { column: 'other.member_id', value: 'a.id' };
const SEAT_OF_CUSTOMER: Lookup = {
  column: 'lower(other.email)',
  value: `lower(${trimmed('c.email')})`,
};

/** Whether somebody has another live seat of the pool. */
const hasOtherSeat = (by: Lookup) => `
  (SELECT true FROM customer_seats other
    WHERE other.organization_id = s.organization_id AND other.id <> s.id AND other.status <> 'revoked'
      AND (other.subscription_id = s.subscription_id OR other.order_id = s.order_id) AND ${lookupCondition(by)}
    ${lookupOrder(by)} LIMIT 1) IS NOT NULL`;

/**
 * Selects seats by a condition, each with its pool and everybody whom its rules concern; locks members who may get a seat.
 */
const factsWhere = (condition: string, lock = 'FOR NO KEY UPDATE') => `
  SELECT ${SEAT.select('s', 'seat')}, ${MEMBER.select('m', 'member')}, ${POOL.select('p', 'pool')},
         ${ORGANIZATION.select('o', 'organization')}, ${CUSTOMER.select('c', 'customer')},
         ${BILLING_CUSTOMER.select('b', 'billing')}, ${MEMBER.select('a', 'addressee')},
         ${hasOtherSeat(SEAT_OF_ADDRESSEE)} OR (s.email IS NULL AND ${hasOtherSeat(SEAT_OF_CUSTOMER)}) AS "hasOtherSeat",
         resends.times AS "resentAt", resends.token_hash AS "resentTokenHash",
         EXISTS (SELECT FROM mail_opt_outs q
                  WHERE q.organization_id = s.organization_id AND q.email = lower(coalesce(s.email, m.email, c.email))) AS "isOptedOut"
    FROM customer_seats s
    JOIN organizations o ON o.id = s.organization_id
    CROSS JOIN LATERAL (${poolsOf('subscriptions', 'subscription_id')} UNION ALL ${poolsOf('orders', 'order_id')}) AS p
    LEFT JOIN LATERAL (
      SELECT * FROM members WHERE organization_id = s.organization_id AND ${lookupCondition(HOLDER)}
      ${lookupOrder(HOLDER)} LIMIT 1) AS m ON true
    LEFT JOIN customers c ON c.organization_id = s.organization_id AND c.id = s.customer_id
    LEFT JOIN customers b ON b.organization_id = p.organization_id AND b.id = p.customer_id
    LEFT JOIN LATERAL (
      SELECT * FROM members
       WHERE s.member_id IS NULL AND organization_id = s.organization_id AND customer_id = p.customer_id
         AND ${lookupCondition(ADDRESSEE)} AND deleted_at IS NULL
       ${lookupOrder(ADDRESSEE)} LIMIT 1 ${lock}) AS a ON true
    LEFT JOIN recent_resends resends ON resends.organization_id = s.organization_id AND resends.seat_id = s.id
   WHERE ${condition}`;

// A session reaches, locks and waits for only the seats of its own customer's pools.
const BY_ID = `
  s.organization_id = ANY($1::uuid[]) AND s.id = ANY($2::uuid[])
  AND ($3::uuid IS NULL OR $3::uuid IN (
    SELECT p.customer_id FROM subscriptions p WHERE p.organization_id = s.organization_id AND p.id = s.subscription_id
    UNION ALL
    SELECT p.customer_id FROM orders p WHERE p.organization_id = s.organization_id AND p.id = s.order_id))`;
// Imported seats may share a token.
const BY_TOKEN = `s.invitation_token_hash = $1::bytea AND s.status = 'pending'`;

const FACTS_BY_ID: Statement = { name: 'seat_facts_by_id', text: factsWhere(BY_ID) };
const UNLOCKED_FACTS_BY_ID: Statement = {
  name: 'seat_facts_by_id_unlocked',
  text: factsWhere(BY_ID, ''),
};
const FACTS_BY_TOKEN: Statement = {
  name: 'seat_facts_by_token',
  text: `${factsWhere(BY_TOKEN)} ORDER BY s.id LIMIT 1`,
};

const lockSeat = (by: string, condition: string): Statement => ({
  name: `lock_seat_by_${by}`,
  text: `SELECT s.id FROM customer_seats s WHERE ${condition} ORDER BY s.id FOR NO KEY UPDATE`,
});

const LOCK_BY_ID = lockSeat('id', BY_ID);
const LOCK_BY_TOKEN = lockSeat('token', BY_TOKEN);

const lockPool = (table: 'subscriptions' | 'orders', column: string): Statement => ({
  name: `lock_${table}_of_seat`,
  text: `
    SELECT p.id FROM ${table} p
     WHERE (p.organization_id, p.id) IN (SELECT s.organization_id, s.${column} FROM customer_seats s WHERE ${BY_ID})
     ORDER BY p.id
       FOR NO KEY UPDATE`,
});

const LOCK_SUBSCRIPTION = lockPool('subscriptions', 'subscription_id');
const LOCK_ORDER = lockPool('orders', 'order_id');

const LOCK_HOLDER: Statement = {
  name: 'lock_holder_of_seat',
  text: `
    SELECT m.id FROM members m
     WHERE (m.organization_id, m.id) IN (SELECT s.organization_id, s.member_id FROM customer_seats s WHERE ${BY_ID})
     ORDER BY m.id
       FOR NO KEY UPDATE`,
};

const SEAT_STATEMENTS = [LOCK_BY_ID, FACTS_BY_ID];

/** How many of the first reads lock the pools of seats. */
export const POOL_LOCKS = 2;

/**
 * What a look at seats locks: nothing; the seats; or, for a change that frees seats, first their pools and holders, then the
 * seats.
 */
export type SeatLocks = 'none' | 'seats' | 'pools';

const STATEMENTS: Record<SeatLocks, readonly Statement[]> = {
  none: [UNLOCKED_FACTS_BY_ID],
  seats: SEAT_STATEMENTS,
  pools: [LOCK_SUBSCRIPTION, LOCK_ORDER, LOCK_HOLDER, ...SEAT_STATEMENTS],
};

/** The reads of the seats with these ids that an actor can reach. */
export function seatQueries(actor: KnownActor, ids: readonly string[], locks: SeatLocks): Query[] {
  const values = [organizationsInReach(actor), ids, sessionCustomerOf(actor)];
  return STATEMENTS[locks].map(statement => ({ statement, values }));
}

/** Returns the facts about the seats with these ids that an actor can reach, by their ids. Locks nothing. */
export async function lookAtSeats(
  sql: Sql,
  actor: KnownActor,
  ids: readonly string[],
): Promise<Map<string, SeatFacts>> {
  const queries = seatQueries(actor, ids, 'none');
  const looked = queries.map(({ statement, values }) => sql.rows<object>(statement, values));
  return readSeatFacts(await Promise.all(looked));
}

/** The reads for the claim of an invitation. */
export function invitationQueries(token: string): Query[] {
  const values = [hashToken(token)];
  return [LOCK_BY_TOKEN, FACTS_BY_TOKEN].map(statement => ({ statement, values }));
}

/**
 * Returns the facts about each seat, by its id, without seats that do not exist or that the actor cannot reach. Throws
 * StaleLook if a seat moved to another pool during the wait for the locks.
 */
export function readSeatFacts(looked: readonly (readonly object[])[]): Map<string, SeatFacts> {
  const rows = (looked.at(-1) ?? []) as readonly Row[];
  const locked = new Set((looked.slice(0, -1).flat() as { id: string }[]).map(({ id }) => id));
  const locksPools = looked.length === STATEMENTS.pools.length;
  const all = rows.flatMap(row => readRow(row) ?? []);
  if (locksPools && !all.every(({ pool }) => locked.has(pool.id))) throw new StaleLook();
  return new Map(all.map(facts => [facts.seat.id, facts]));
}

type Row = Readonly<Record<string, unknown>>;

function readRow(row: Row): SeatFacts | null {
  const seat = SEAT.read(row, 'seat');
  const pool = POOL.read(row, 'pool');
  const organization = ORGANIZATION.read(row, 'organization');
  if (seat === null || pool === null || organization === null) return null;
  const customer = CUSTOMER.read(row, 'customer');
  const isAnonymous = seat.email === null && seat.memberId === null;
  const view: SeatView = {
    ...seat,
    member: MEMBER.read(row, 'member'),
    customer: isAnonymous && customer !== null ? { email: customer.email } : null,
  };
  return {
    seat: view,
    pool: {
      ...pool,
      ...poolOfSeat(seat),
      organization,
    },
    customer,
    billingCustomer: BILLING_CUSTOMER.read(row, 'billing'),
    addressee: MEMBER.read(row, 'addressee'),
    hasOtherSeat: row.hasOtherSeat === true,
    resends: row.resentAt
      ? { times: row.resentAt as Date[], tokenHash: row.resentTokenHash as Uint8Array }
      : null,
    isOptedOut: row.isOptedOut === true,
  };
}
