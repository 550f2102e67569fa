import { columnsOf } from '../../db/columns.ts';
import type { Member } from '../../db/generated/prisma/client.ts';
import type { Query, Statement } from '../../db/sql.ts';
import { organizationsInReach } from '../access.ts';
import type { SeatRecipientInput } from '../inputs.ts';
import type { AssignmentFacts, AssignmentPool, AssignmentRequest } from '../rules/assign.ts';

// Everything that an assignment's rules ask, read with one statement for any number of requests. The pools are locked
// by a statement before it, so that its snapshot has all that others did to them.

/** How a look treats pools whose row another transaction holds. */
export type Locking = 'wait' | 'skip' | 'none';

/** The reads of a look: locks of pools, and last the facts. */
export function lookQueries(requests: readonly AssignmentRequest[], locking: Locking): Query[] {
  const organizations = organizationsOfAll(requests);
  const locks = locking === 'none' ? [] : lockQueries(organizations, requests, locking);
  const rows = askedRows(requests);
  const statement = locking === 'none' ? FACTS.unlocked : FACTS.locked;
  return [...locks, { statement, values: [organizations, ...ASKED.values(rows)] }];
}

/** The facts of each request; null where another transaction holds the pool. */
export function readFacts(
  looked: readonly (readonly object[])[],
  requests: readonly AssignmentRequest[],
  locking: Locking,
): (AssignmentFacts | null)[] {
  const rows = looked.at(-1) as readonly FactsRow[];
  const locked = new Set(
    looked.slice(0, -1).flatMap(ids => (ids as { id: string }[]).map(({ id }) => id)),
  );
  const facts: (AssignmentFacts | null)[] = requests.map(() => null);
  for (const row of rows) {
    const isHeld = locking === 'skip' && row.poolId !== null && !locked.has(row.poolId);
    if (!isHeld) facts[row.n - 1] = toFacts(row);
  }
  return facts;
}

function organizationsOfAll(requests: readonly AssignmentRequest[]): readonly string[] {
  const [first] = requests;
  return first === undefined ? [] : organizationsInReach(first.actor);
}

/** Subscriptions before orders, each in the order of their ids: everybody who locks several does it so. */
function lockQueries(
  organizations: readonly string[],
  requests: readonly AssignmentRequest[],
  locking: 'wait' | 'skip',
): Query[] {
  const idsOf = (kind: AssignmentRequest['input']['source']['kind']) =>
    requests.flatMap(({ input: { source } }) => (source.kind === kind ? [source.id] : []));
  const checkouts = idsOf('checkout');
  return (['subscription', 'order'] as const).flatMap(kind => {
    const ids = idsOf(kind);
    if (ids.length === 0 && checkouts.length === 0) return [];
    return checkouts.length === 0
      ? [{ statement: LOCK[kind].byId[locking], values: [organizations, ids] }]
      : [{ statement: LOCK[kind].withCheckouts[locking], values: [organizations, ids, checkouts] }];
  });
}

const TABLE = { subscription: 'subscriptions', order: 'orders' } as const;

function lockOf(
  kind: 'subscription' | 'order',
  form: 'byId' | 'withCheckouts',
  locking: 'wait' | 'skip',
) {
  const condition =
    form === 'byId'
      ? 'id = ANY($2::uuid[])'
      : '(id = ANY($2::uuid[]) OR checkout_id = ANY($3::uuid[]))';
  return {
    name: `lock_${kind}s_${form}_${locking}`,
    text: `
      SELECT id FROM ${TABLE[kind]}
       WHERE organization_id = ANY($1::uuid[]) AND ${condition}
       ORDER BY id
         FOR NO KEY UPDATE ${locking === 'skip' ? 'SKIP LOCKED' : ''}`,
  };
}

const locksOf = (kind: 'subscription' | 'order') => ({
  byId: { wait: lockOf(kind, 'byId', 'wait'), skip: lockOf(kind, 'byId', 'skip') },
  withCheckouts: {
    wait: lockOf(kind, 'withCheckouts', 'wait'),
    skip: lockOf(kind, 'withCheckouts', 'skip'),
  },
});

const LOCK = { subscription: locksOf('subscription'), order: locksOf('order') };

const ASKED = columnsOf({
  kind: 'text',
  sourceId: 'uuid',
  memberId: 'uuid',
  externalMemberId: 'text',
  email: 'text',
  customerId: 'uuid',
  externalCustomerId: 'text',
  revokedSeats: 'integer',
});

/** The first request of each source asks for as many revoked seats as there are requests. */
function askedRows(requests: readonly AssignmentRequest[]) {
  const counts = new Map<string, number>();
  for (const { input } of requests) {
    counts.set(input.source.id, (counts.get(input.source.id) ?? 0) + 1);
  }
  return requests.map(({ input: { source, recipient } }) => {
    const revokedSeats = counts.get(source.id) ?? 0;
    counts.delete(source.id);
    return { kind: source.kind, sourceId: source.id, revokedSeats, ...namesOf(recipient) };
  });
}

const NO_NAMES = {
  memberId: null,
  externalMemberId: null,
  email: null,
  customerId: null,
  externalCustomerId: null,
};

function namesOf(recipient: SeatRecipientInput) {
  switch (recipient.kind) {
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

const poolsBy = (kind: 'subscription' | 'order', source: string, column: string) => `
  SELECT '${kind}' AS kind, p.organization_id, p.id, p.customer_id, p.product_id, p.seats, p.seats_used, p.seats_revoked,
         p.status::text AS status, p.created_at
    FROM ${TABLE[kind]} p
   WHERE r.kind = '${source}' AND p.organization_id = ANY($1::uuid[]) AND p.${column} = r.source_id AND p.deleted_at IS NULL`;

const MEMBER = (alias: string) => `
  CASE WHEN ${alias}.id IS NOT NULL THEN json_build_object(
    'organizationId', ${alias}.organization_id, 'id', ${alias}.id, 'createdAt', ${alias}.created_at,
    'modifiedAt', ${alias}.modified_at, 'deletedAt', ${alias}.deleted_at, 'customerId', ${alias}.customer_id,
    'email', ${alias}.email, 'name', ${alias}.name, 'externalId', ${alias}.external_id, 'role', ${alias}.role) END`;

// LIMIT has the planner look each one up by the whole index, whatever its statistics say of the size of teams.
const memberBy = (condition: string, lock: string) => `
  LEFT JOIN LATERAL (
    SELECT m.* FROM members m
     WHERE m.organization_id = p.organization_id AND m.customer_id = p.customer_id AND m.deleted_at IS NULL
       AND ${condition}
     LIMIT 1 ${lock})`;

const customersBy = (condition: string) => `
  SELECT c.id, c.email FROM customers c
   WHERE c.organization_id = p.organization_id AND c.deleted_at IS NULL AND ${condition}`;

const inPool = (kind: 'subscription' | 'order') =>
  // As text, so that no index leads to all seats of a large pool.
  `p.kind = '${kind}' AND s.${kind}_id IS NOT NULL AND s.${kind}_id::text = p.id::text`;

const hasLiveSeat = (person: string) =>
  (['subscription', 'order'] as const)
    .map(
      kind => `
  EXISTS (SELECT FROM customer_seats s
           WHERE s.organization_id = p.organization_id AND s.status <> 'revoked' AND ${inPool(kind)} AND ${person})`,
    )
    .join(' OR ');

const revokedOf = (kind: 'subscription' | 'order') => `
  SELECT s.id, s.created_at FROM customer_seats s
   WHERE p.kind = '${kind}' AND s.organization_id = p.organization_id AND s.${kind}_id = p.id AND s.status = 'revoked'
   ORDER BY s.created_at, s.id
   LIMIT r.revoked_seats`;

// `n` is always within its bounds: they make the planner expect few rows, so that it keeps one plan. To plan this anew
// takes longer than to do it.
const factsOf = (lock: string) => `
  SELECT r.n::integer, p.kind, p.organization_id AS "organizationId", p.id AS "poolId", p.customer_id AS "billingCustomerId",
         p.product_id AS "productId", p.seats, p.seats_used AS "seatsUsed", p.status,
         o.status::text AS "organizationStatus", o.deleted_at AS "organizationDeletedAt",
         o.seat_based_pricing_enabled AS "seatBasedPricingEnabled", o.member_model_enabled AS "memberModelEnabled",
         o.sends_invitations AS "sendsInvitations",
         ${MEMBER('by_id')} AS "memberById", ${MEMBER('by_external_id')} AS "memberByExternalId",
         ${MEMBER('addressee')} AS addressee,
         c.id AS "customerId", c.email AS "customerEmail", lower(who.address) AS address,
         ${hasLiveSeat('s.member_id = by_id.id')} OR ${hasLiveSeat('s.member_id = by_external_id.id')}
         OR ${hasLiveSeat('s.member_id = addressee.id')} OR ${hasLiveSeat('lower(s.email) = lower(who.address)')}
         OR ${hasLiveSeat('lower(s.email) = lower(coalesce(by_id.email, by_external_id.email))')} AS "isSeated",
         ${hasLiveSeat('s.customer_id = c.id')} AS "isCustomerSeated",
         CASE WHEN p.seats_revoked > 0 AND r.revoked_seats > 0 THEN (
           SELECT json_agg(json_build_object('id', s.id, 'createdAt', s.created_at) ORDER BY s.created_at, s.id)
             FROM ((${revokedOf('subscription')}) UNION ALL (${revokedOf('order')})) AS s)
         END AS "revokedSeats"
    FROM ${ASKED.unnest(2, 'r')}
    LEFT JOIN LATERAL (
      ${poolsBy('subscription', 'subscription', 'id')} UNION ALL ${poolsBy('order', 'order', 'id')} UNION ALL
      ${poolsBy('subscription', 'checkout', 'checkout_id')} UNION ALL ${poolsBy('order', 'checkout', 'checkout_id')}
       ORDER BY kind DESC, created_at, id
       LIMIT 1) AS p ON true
    LEFT JOIN organizations o ON o.id = p.organization_id
    LEFT JOIN LATERAL (
      ${customersBy('c.id = r.customer_id')} UNION ALL ${customersBy('c.external_id = r.external_customer_id')} UNION ALL
      ${customersBy('lower(c.email) = lower(r.email)')}
       LIMIT 1) AS c ON true
    CROSS JOIN LATERAL (SELECT coalesce(r.email, btrim(c.email)) AS address) AS who
    ${memberBy('m.id = r.member_id', lock)} AS by_id ON true
    ${memberBy('m.external_id = r.external_member_id', lock)} AS by_external_id ON true
    ${memberBy('lower(m.email) = lower(who.address)', lock)} AS addressee ON true
   WHERE r.n BETWEEN 1 AND 1000
   ORDER BY r.n`;

const FACTS: Record<'locked' | 'unlocked', Statement> = {
  locked: { name: 'assignment_facts_locked', text: factsOf('FOR NO KEY UPDATE') },
  unlocked: { name: 'assignment_facts', text: factsOf('') },
};

interface MemberJson extends Omit<Member, 'createdAt' | 'modifiedAt' | 'deletedAt'> {
  createdAt: string;
  modifiedAt: string | null;
  deletedAt: string | null;
}

/** A row of `factsOf`. */
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
  memberById: MemberJson | null;
  memberByExternalId: MemberJson | null;
  addressee: MemberJson | null;
  customerId: string | null;
  customerEmail: string | null;
  address: string | null;
  isSeated: boolean | null;
  isCustomerSeated: boolean | null;
  revokedSeats: { id: string; createdAt: string }[] | null;
}

function toFacts(row: FactsRow): AssignmentFacts {
  return {
    pool: row.poolId === null ? null : toPool(row, row.poolId),
    namedMember: toMember(row.memberById ?? row.memberByExternalId),
    addressee: toMember(row.addressee),
    customer: row.customerId === null ? null : { id: row.customerId, email: row.customerEmail },
    address: row.address,
    isSeated: row.isSeated === true,
    isCustomerSeated: row.isCustomerSeated === true,
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
