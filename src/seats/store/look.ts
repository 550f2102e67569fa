import { organizationsInReach, sessionCustomerOf } from '../../auth/access.ts';
import { columnsOf } from '../../db/columns.ts';
import type { Member } from '../../db/generated/prisma/client.ts';
import { type Lookup, lookupCondition, lookupOrder } from '../../db/lookup.ts';
import type { Query, Statement } from '../../db/sql.ts';
import { trimmed } from '../../db/trim.ts';
import type { SeatRecipientInput } from '../inputs.ts';
import type { AssignmentRequest } from '../rules/assign.ts';
import type { AssignmentFacts, AssignmentPool } from '../rules/assignment.ts';

// Reads everything that an assignment's rules need, with one statement for any number of requests. A statement before it
// locks the pools, so that its snapshot includes everything that others did to them.

/** A request whose facts a look reads: an assignment, or a transfer, whose pool is that of a seat. */
export interface LookRequest {
  actor: AssignmentRequest['actor'];
  input: {
    source: AssignmentRequest['input']['source'] | { kind: 'seat'; id: string };
    recipient: AssignmentRequest['input']['recipient'];
  };
}

/** The largest number of requests that one look reads. */
export const MAX_BATCH = 1000;

/** How a look treats pools and members whose row another transaction holds. */
export type Locking = 'wait' | 'skip' | 'none';

/** The reads of a look: the locks of pools, then the facts. */
export function lookQueries(requests: readonly LookRequest[], locking: Locking): Query[] {
  const organizations = organizationsOfAll(requests);
  const locks = locking === 'none' ? [] : lockQueries(organizations, requests, locking);
  const rows = askedRows(requests);
  const statement = factsStatement(requests, locking);
  return [...locks, { statement, values: [organizations, ...ASKED.values(rows)] }];
}

/**
 * Returns the facts of each request; null if a row is not locked: another transaction holds the pool or the recipient's
 * member, or changed the pool of the checkout during the wait for the lock.
 */
export function readFacts(
  looked: readonly (readonly object[])[],
  requests: readonly LookRequest[],
  locking: Locking,
): (AssignmentFacts | null)[] {
  const rows = looked.at(-1) as readonly FactsRow[];
  const locked = new Set(
    looked.slice(0, -1).flatMap(ids => (ids as { id: string }[]).map(({ id }) => id)),
  );
  const facts: (AssignmentFacts | null)[] = requests.map(() => null);
  for (const row of rows) {
    const isPoolHeld = locking !== 'none' && row.poolId !== null && !locked.has(row.poolId);
    if (!isPoolHeld && row.isMemberHeld !== true) facts[row.n - 1] = toFacts(row);
  }
  return facts;
}

function organizationsOfAll(requests: readonly LookRequest[]): readonly string[] {
  const [first] = requests;
  return first === undefined ? [] : organizationsInReach(first.actor);
}

/** Locks subscriptions before orders, each in the order of their ids, as everybody who locks several does. */
function lockQueries(
  organizations: readonly string[],
  requests: readonly LookRequest[],
  locking: 'wait' | 'skip',
): Query[] {
  const sourcesOf = (kind: SourceKind) => {
    const rows = requests.flatMap(({ actor, input: { source } }) =>
      source.kind === kind ? [{ id: source.id, sessionCustomerId: sessionCustomerOf(actor) }] : [],
    );
    return [...new Map(rows.map(row => [`${row.id} ${row.sessionCustomerId}`, row])).values()];
  };
  const lock = (statement: Statement, rows: ReturnType<typeof sourcesOf>) =>
    rows.length === 0
      ? []
      : [{ statement, values: [organizations, ...SOURCES_ASKED.values(rows)] }];
  const checkouts = sourcesOf('checkout');
  return KINDS.flatMap(kind => [
    ...lock(LOCK[kind].id[locking], sourcesOf(kind)),
    ...lock(LOCK[kind].checkout[locking], checkouts),
  ]);
}

/** A pool, or its checkout, and the customer of the asking session; null for a token. */
const SOURCES_ASKED = columnsOf({ id: 'uuid', sessionCustomerId: 'uuid' });

/** The tenant rule for pools: a session reaches, locks and waits for only its own customer's pools. */
const IN_REACH = `
  p.organization_id = ANY($1::uuid[]) AND (r.session_customer_id IS NULL OR p.customer_id = r.session_customer_id)`;

type PoolKind = 'subscription' | 'order';
type SourceKind = LookRequest['input']['source']['kind'];
type RecipientKind = SeatRecipientInput['kind'];

const KINDS = ['subscription', 'order'] as const;

const TABLE = { subscription: 'subscriptions', order: 'orders' } as const;

// Joins the ids instead of listing them, so that PostgreSQL keeps one plan for any number.
function lockOf(kind: PoolKind, column: 'id' | 'checkout_id', locking: 'wait' | 'skip'): Statement {
  return {
    name: `lock_${kind}s_by_${column}_${locking}`,
    text: `
      SELECT p.id
        FROM ${SOURCES_ASKED.unnest(2, 'r')}
        JOIN ${TABLE[kind]} p ON ${IN_REACH} AND p.${column} = r.id
       WHERE r.n BETWEEN 1 AND ${MAX_BATCH}
       ORDER BY p.id
         FOR NO KEY UPDATE OF p ${locking === 'skip' ? 'SKIP LOCKED' : ''}`,
  };
}

const locksOf = (kind: PoolKind, column: 'id' | 'checkout_id') => ({
  wait: lockOf(kind, column, 'wait'),
  skip: lockOf(kind, column, 'skip'),
});

const LOCK = {
  subscription: {
    id: locksOf('subscription', 'id'),
    checkout: locksOf('subscription', 'checkout_id'),
  },
  order: { id: locksOf('order', 'id'), checkout: locksOf('order', 'checkout_id') },
};

const ASKED = columnsOf({
  sessionCustomerId: 'uuid',
  kind: 'text',
  sourceId: 'uuid',
  memberId: 'uuid',
  externalMemberId: 'text',
  email: 'text',
  customerId: 'uuid',
  externalCustomerId: 'text',
  revokedSeats: 'integer',
});

/**
 * The first request for each source asks for as many revoked seats as the source has requests. A checkout's pool may be the
 * pool of any other request, so in a batch with a checkout it asks for as many as the batch has requests.
 */
function askedRows(requests: readonly LookRequest[]) {
  const counts = new Map<string, number>();
  for (const { input } of requests) {
    counts.set(input.source.id, (counts.get(input.source.id) ?? 0) + 1);
  }
  const hasCheckouts = requests.some(({ input }) => input.source.kind === 'checkout');
  return requests.map(({ actor, input: { source, recipient } }) => {
    const count = counts.get(source.id) ?? 0;
    counts.delete(source.id);
    return {
      sessionCustomerId: sessionCustomerOf(actor),
      kind: source.kind,
      sourceId: source.id,
      revokedSeats:
        source.kind === 'seat' ? 0 : hasCheckouts && count > 0 ? requests.length : count,
      ...namesOf(recipient),
    };
  });
}

const NO_NAMES = {
  memberId: null,
  externalMemberId: null,
  email: null,
  customerId: null,
  externalCustomerId: null,
};

function namesOf(recipient: AssignmentRequest['input']['recipient']) {
  switch (recipient.kind) {
    case 'unreadable':
      return NO_NAMES;
    case 'email':
      return { ...NO_NAMES, email: recipient.email.trim() };
    case 'customer':
      return { ...NO_NAMES, customerId: recipient.customerId };
    case 'externalCustomer':
      return { ...NO_NAMES, externalCustomerId: recipient.externalCustomerId };
    case 'member':
      return { ...NO_NAMES, memberId: recipient.memberId };
    case 'externalMember': {
      const { externalMemberId, email } = recipient;
      return { ...NO_NAMES, externalMemberId, email: email?.trim() ?? null };
    }
  }
}

const poolsBy = (kind: PoolKind, source: PoolKind | 'checkout') => `
  SELECT '${kind}' AS kind, p.organization_id, p.id, p.customer_id, p.product_id, p.seats, p.seats_used, p.seats_revoked,
         p.status::text AS status, p.created_at
    FROM ${TABLE[kind]} p
   WHERE r.kind = '${source}' AND ${IN_REACH}
     AND p.${source === 'checkout' ? 'checkout_id' : 'id'} = r.source_id AND p.deleted_at IS NULL`;

const poolsOfSeat = (kind: PoolKind) => `
  SELECT '${kind}' AS kind, p.organization_id, p.id, p.customer_id, p.product_id, p.seats, p.seats_used, p.seats_revoked,
         p.status::text AS status, p.created_at
    FROM customer_seats t
    JOIN ${TABLE[kind]} p ON p.organization_id = t.organization_id AND p.id = t.${kind}_id
   WHERE r.kind = 'seat' AND t.organization_id = ANY($1::uuid[]) AND t.id = r.source_id AND ${IN_REACH}
     AND p.deleted_at IS NULL`;

const memberJson = (alias: string) => `
  CASE WHEN ${alias}.id IS NOT NULL THEN json_build_object(
    'organizationId', ${alias}.organization_id, 'id', ${alias}.id, 'createdAt', ${alias}.created_at,
    'modifiedAt', ${alias}.modified_at, 'deletedAt', ${alias}.deleted_at, 'customerId', ${alias}.customer_id,
    'email', ${alias}.email, 'name', ${alias}.name, 'externalId', ${alias}.external_id, 'role', ${alias}.role) END`;

const membersWhere = (condition: string) => `
    FROM members m
   WHERE m.organization_id = p.organization_id AND m.customer_id = p.customer_id AND m.deleted_at IS NULL
     AND ${condition}`;

const ROW_LOCK = {
  wait: 'FOR NO KEY UPDATE',
  skip: 'FOR NO KEY UPDATE SKIP LOCKED',
  none: '',
} satisfies Record<Locking, string>;

// LIMIT makes the planner look up each member by the whole index, whatever its statistics say about the size of teams.
const memberBy = (by: Lookup, locking: Locking) => `
  LEFT JOIN LATERAL (
    SELECT m.* ${membersWhere(lookupCondition(by))} ${lookupOrder(by)} LIMIT 1 ${ROW_LOCK[locking]})`;

const isHeld = (alias: string, by: Lookup) => `
  (${alias}.id IS NULL AND (SELECT true ${membersWhere(lookupCondition(by))} ${lookupOrder(by)} LIMIT 1) IS NOT NULL)`;

/** How each kind of recipient names a member or a customer. An address names both. */
const NAMED_MEMBERS: Partial<Record<RecipientKind, Lookup>> = {
  member: { column: 'm.id', value: 'r.member_id' },
  externalMember: { column: 'm.external_id', value: 'r.external_member_id' },
};

const ADDRESSEE: Lookup = { column: 'lower(m.email)', value: 'lower(who.address)' };
const CUSTOMER_BY_ADDRESS: Lookup = { column: 'lower(c.email)', value: 'lower(r.email)' };

const NAMED_CUSTOMERS: Partial<Record<RecipientKind, Lookup>> = {
  customer: { column: 'c.id', value: 'r.customer_id' },
  externalCustomer: { column: 'c.external_id', value: 'r.external_customer_id' },
  email: CUSTOMER_BY_ADDRESS,
  externalMember: CUSTOMER_BY_ADDRESS,
};

const customersBy = (by: Lookup) => `
  (SELECT c.id, c.email FROM customers c
    WHERE c.organization_id = p.organization_id AND c.deleted_at IS NULL AND ${lookupCondition(by)}
    ${lookupOrder(by)} LIMIT 1)`;

// Compares the pool's id as text, so that PostgreSQL does not use an index that yields all seats of a large pool.
const liveSeats = (kinds: readonly PoolKind[], person: Lookup): string[] =>
  kinds.map(
    kind => `
  (SELECT s.id FROM customer_seats s
    WHERE s.organization_id = p.organization_id AND s.status <> 'revoked' AND p.kind = '${kind}'
      AND s.${kind}_id IS NOT NULL AND s.${kind}_id::text = p.id::text AND ${lookupCondition(person)}
    ${lookupOrder(person)} LIMIT 1)`,
  );

const firstOf = (seats: readonly string[]) => `coalesce(${seats.join(', ')})`;

const revokedOf = (kind: PoolKind) => `
  (SELECT s.id, s.created_at FROM customer_seats s
    WHERE p.kind = '${kind}' AND s.organization_id = p.organization_id AND s.${kind}_id = p.id AND s.status = 'revoked'
    ORDER BY s.created_at, s.id
    LIMIT r.revoked_seats)`;

const SEATS_OF_ADDRESSEE = `
  (SELECT json_object_agg(coalesce(s.subscription_id, s.order_id), s.id) FROM customer_seats s
    WHERE s.organization_id = p.organization_id AND s.status <> 'revoked'
      AND (s.member_id = addressee.id OR lower(s.email) = lower(who.address)))`;

/** What a look covers. Its statement covers no more, because PostgreSQL pays for each part at every execution. */
interface Scope {
  sources: readonly SourceKind[];
  recipients: readonly RecipientKind[];
  locking: Locking;
  /** Whether one request may name the member whom another gives an external id. */
  hasNewLinks: boolean;
}

const SOURCES: readonly SourceKind[] = ['subscription', 'order', 'checkout', 'seat'];
const RECIPIENTS: readonly RecipientKind[] = [
  'email',
  'customer',
  'externalCustomer',
  'member',
  'externalMember',
];

const STATEMENTS = new Map<string, Statement>();

/** Whether two requests name the same external id, and one of them has an address to link it with. */
function mayUseNewLink(requests: readonly LookRequest[]): boolean {
  const seen = new Map<string, boolean>();
  return requests.some(({ input: { recipient } }) => {
    if (recipient.kind !== 'externalMember') return false;
    const { externalMemberId, email } = recipient;
    const hadAddress = seen.get(externalMemberId);
    seen.set(externalMemberId, hadAddress === true || email !== undefined);
    return hadAddress === true;
  });
}

function factsStatement(requests: readonly LookRequest[], locking: Locking): Statement {
  const usedSources = new Set(requests.map(({ input }) => input.source.kind));
  const usedRecipients = new Set(requests.map(({ input }) => input.recipient.kind));
  const sources = SOURCES.filter(kind => usedSources.has(kind));
  const used = RECIPIENTS.filter(kind => usedRecipients.has(kind));
  // Unreadable items name nobody.
  const recipients: typeof used = used.length > 0 ? used : ['member'];
  const hasNewLinks = mayUseNewLink(requests);
  const bits = [
    ...SOURCES.map(kind => usedSources.has(kind)),
    ...RECIPIENTS.map(kind => usedRecipients.has(kind)),
    hasNewLinks,
  ];
  const name = `assignment_facts_${locking}_${bits.map(Number).join('')}`;
  const known = STATEMENTS.get(name);
  if (known !== undefined) return known;
  const statement = { name, text: factsOf({ sources, recipients, locking, hasNewLinks }) };
  STATEMENTS.set(name, statement);
  return statement;
}

function factsOf({ sources, recipients, locking, hasNewLinks }: Scope): string {
  const pools = sources.flatMap(source => {
    if (source === 'seat') return KINDS.map(poolsOfSeat);
    return source === 'checkout'
      ? KINDS.map(kind => poolsBy(kind, source))
      : [poolsBy(source, source)];
  });
  const kinds = KINDS.filter(
    kind => sources.includes(kind) || sources.includes('checkout') || sources.includes('seat'),
  );
  const lookupsOf = (names: Partial<Record<RecipientKind, Lookup>>) => [
    ...new Set(recipients.flatMap(kind => names[kind] ?? [])),
  ];
  const named = lookupsOf(NAMED_MEMBERS).map((by, i) => ({ alias: `named_${i}`, by }));
  const hasAddress = recipients.some(kind => kind !== 'member');
  const members = hasAddress ? [...named, { alias: 'addressee', by: ADDRESSEE }] : named;
  const customers = lookupsOf(NAMED_CUSTOMERS).map(customersBy);
  const hasCustomers = customers.length > 0;
  const namedEmail = named.map(({ alias }) => `${alias}.email`).join(', ');
  const seatBy = (column: string, value: string): Lookup => ({ column, value });
  const people = [
    ...named.map(({ alias }) => seatBy('s.member_id', `${alias}.id`)),
    ...(named.length > 0 ? [seatBy('lower(s.email)', `lower(coalesce(${namedEmail}))`)] : []),
    ...(hasAddress
      ? [seatBy('s.member_id', 'addressee.id'), seatBy('lower(s.email)', 'lower(who.address)')]
      : []),
  ];
  const selected = [
    ...(named.length > 0
      ? [`coalesce(${named.map(({ alias }) => memberJson(alias)).join(', ')}) AS "namedMember"`]
      : []),
    ...(hasAddress
      ? [`${memberJson('addressee')} AS addressee`, 'lower(who.address) AS address']
      : []),
    ...(hasCustomers
      ? [
          'c.id AS "customerId"',
          'c.email AS "customerEmail"',
          `${firstOf(liveSeats(kinds, seatBy('s.customer_id', 'c.id')))} AS "customerSeatId"`,
        ]
      : []),
    `${firstOf(people.flatMap(person => liveSeats(kinds, person)))} AS "seatId"`,
    ...(locking === 'skip'
      ? [`${members.map(({ alias, by }) => isHeld(alias, by)).join(' OR ')} AS "isMemberHeld"`]
      : []),
    ...(hasNewLinks ? [`${SEATS_OF_ADDRESSEE} AS "seatsOfAddressee"`] : []),
  ];
  const joined = [
    ...(hasCustomers
      ? [
          `LEFT JOIN LATERAL (SELECT * FROM (${customers.join(' UNION ALL ')}) AS found LIMIT 1) AS c ON true`,
        ]
      : []),
    ...(hasAddress
      ? [
          `CROSS JOIN LATERAL (SELECT coalesce(r.email, ${hasCustomers ? trimmed('c.email') : 'NULL'}) AS address) AS who`,
        ]
      : []),
    ...members.map(({ alias, by }) => `${memberBy(by, locking)} AS ${alias} ON true`),
  ];
  // The bounds of n make the planner expect few rows, so that it keeps one plan. Planning this statement takes longer than
  // running it.
  return `
  SELECT r.n::integer, p.kind, p.organization_id AS "organizationId", p.id AS "poolId", p.customer_id AS "billingCustomerId",
         p.product_id AS "productId", p.seats, p.seats_used AS "seatsUsed", p.status,
         o.status::text AS "organizationStatus", o.deleted_at AS "organizationDeletedAt",
         o.seat_based_pricing_enabled AS "seatBasedPricingEnabled", o.member_model_enabled AS "memberModelEnabled",
         o.sends_invitations AS "sendsInvitations", ${selected.join(', ')},
         CASE WHEN p.seats_revoked > 0 AND r.revoked_seats > 0 THEN (
           SELECT json_agg(json_build_object('id', s.id, 'createdAt', s.created_at) ORDER BY s.created_at, s.id)
             FROM (${kinds.map(revokedOf).join(' UNION ALL ')}) AS s)
         END AS "revokedSeats"
    FROM ${ASKED.unnest(2, 'r')}
    LEFT JOIN LATERAL (
      ${pools.join(' UNION ALL ')}
       ${pools.length > 1 ? 'ORDER BY kind DESC, created_at, id' : ''}
       LIMIT 1) AS p ON true
    LEFT JOIN organizations o ON o.id = p.organization_id
    ${joined.join('\n    ')}
   WHERE r.n BETWEEN 1 AND ${MAX_BATCH}
   ORDER BY r.n`;
}

interface MemberJson extends Omit<Member, 'createdAt' | 'modifiedAt' | 'deletedAt'> {
  createdAt: string;
  modifiedAt: string | null;
  deletedAt: string | null;
}

/** A row of a look. */
interface FactsRow {
  n: number;
  kind: AssignmentPool['kind'];
  organizationId: string;
  poolId: string | null;
  billingCustomerId: string;
  productId: string | null;
  seats: number | null;
  seatsUsed: number;
  status: AssignmentPool['status'];
  organizationStatus: string;
  organizationDeletedAt: Date | null;
  seatBasedPricingEnabled: boolean;
  memberModelEnabled: boolean;
  sendsInvitations: boolean;
  seatId: string | null;
  // The fields below are only in a look whose recipients can have them.
  namedMember?: MemberJson | null;
  addressee?: MemberJson | null;
  address?: string | null;
  customerId?: string | null;
  customerEmail?: string | null;
  customerSeatId?: string | null;
  isMemberHeld?: boolean | null;
  seatsOfAddressee?: Record<string, string> | null;
  revokedSeats: { id: string; createdAt: string }[] | null;
}

function toFacts(row: FactsRow): AssignmentFacts {
  return {
    pool: row.poolId === null ? null : toPool(row, row.poolId),
    namedMember: toMember(row.namedMember ?? null),
    addressee: toMember(row.addressee ?? null),
    customer: row.customerId ? { id: row.customerId, email: row.customerEmail ?? null } : null,
    address: row.address ?? null,
    seatId: row.seatId,
    customerSeatId: row.customerSeatId ?? null,
    seatsOfAddressee: row.seatsOfAddressee ?? {},
    revokedSeats: (row.revokedSeats ?? []).map(({ id, createdAt }) => ({
      id,
      createdAt: new Date(createdAt),
    })),
  };
}

function toPool(row: FactsRow, id: string): AssignmentPool {
  return {
    kind: row.kind,
    organizationId: row.organizationId,
    id,
    customerId: row.billingCustomerId,
    productId: row.productId,
    seats: row.seats,
    seatsUsed: row.seatsUsed,
    status: row.status,
    organization: {
      status: row.organizationStatus,
      deletedAt: row.organizationDeletedAt,
      seatBasedPricingEnabled: row.seatBasedPricingEnabled,
      memberModelEnabled: row.memberModelEnabled,
      sendsInvitations: row.sendsInvitations,
    },
  };
}

function toMember(json: MemberJson | null): Member | null {
  if (json === null) return null;
  return {
    ...json,
    createdAt: new Date(json.createdAt),
    modifiedAt: json.modifiedAt === null ? null : new Date(json.modifiedAt),
    deletedAt: json.deletedAt === null ? null : new Date(json.deletedAt),
  };
}
