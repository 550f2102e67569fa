import type { OrderStatus, SubscriptionStatus } from '../db/generated/prisma/enums.ts';
import type { Sql, Statement } from '../db/sql.ts';
import type { KnownActor } from './access.ts';
import { SeatAlreadyAssigned } from './errors.ts';
import type { AssignSeatInput, SeatRecipientInput, SeatSourceInput } from './inputs.ts';
import { identifierOf, type MeantRecipient, meantRecipient } from './meant-recipient.ts';
import {
  isOfPool,
  oldestRevoked,
  type PoolKind,
  reachable,
  reachableBy,
  SOURCE_COLUMNS,
  SOURCE_WIDTH,
  type SourceRow,
  sourceOf,
  TABLE,
} from './read-pool.ts';
import { requirePlace, requireSoldBySeat, type SeatSource, sourceNotFound } from './source.ts';

interface Person {
  id: string;
  email: string;
  externalId: string | null;
}

interface Payer {
  id: string;
  email: string | null;
}

/** What an assignment comes to, as everything was when it was read. */
export interface ResolvedAssignment {
  source: SeatSource;
  recipient: MeantRecipient<Person, Payer>;
  /** The revoked seat that is to be given again before a new one is made. */
  revokedSeatId: string | null;
}

/**
 * Looks up with one statement what an assignment comes to, and refuses it with the error and in the order of
 * `assignUnderLock` where what was read is in its way. It locks nothing, so that who does not get refused here may still
 * be. Undefined where nothing was read.
 */
export async function resolveAssignment(
  sql: Sql,
  actor: KnownActor,
  input: AssignSeatInput,
): Promise<ResolvedAssignment | undefined> {
  const [row] = await sql.tuples(STATEMENTS[input.source.kind][input.recipient.kind], [
    ...reachable(actor, input.source.id),
    ...valuesOf(input.recipient),
  ]);
  if (row === undefined) return undefined;
  const [kind, used, status, revokedSeatId, ...found] = row.slice(SOURCE_WIDTH) as unknown as Facts;
  const [member, namesake, customerId, customerEmail, isHolding] = found;
  if (kind === null) return sourceNotFound(actor, input.source);
  const source = sourceOf(kind, row as unknown as SourceRow);
  requireSoldBySeat(source);
  requirePlace(source, { seats: source.seats, used, status });
  const customer = customerId === null ? null : { id: customerId, email: customerEmail };
  const people = { member, namesake, customer };
  const recipient = meantRecipient(source.organization, input.recipient, people);
  if (isHolding) {
    throw new SeatAlreadyAssigned(labelOf(input.recipient, recipient, member ?? namesake));
  }
  return { source, recipient, revokedSeatId };
}

/** What the holder of a live seat is called in SeatAlreadyAssigned. */
function labelOf(
  input: SeatRecipientInput,
  meant: MeantRecipient<Person, Payer>,
  member: Person | null,
): string {
  switch (meant.by) {
    case 'member':
      return meant.member.email;
    case 'email':
      return member?.email ?? meant.email;
    case 'customer':
    case 'customerEmail':
      return identifierOf(input);
  }
}

/** What follows the columns of the pool in a row. */
type Facts = readonly [
  kind: PoolKind | null,
  seatsUsed: number,
  status: SubscriptionStatus | OrderStatus,
  revokedSeatId: string | null,
  member: Person | null,
  namesake: Person | null,
  customerId: string | null,
  customerEmail: string | null,
  isHolding: boolean,
];

/** What a recipient names, and the address that it adds. */
function valuesOf(recipient: SeatRecipientInput): [string, string | null] {
  switch (recipient.kind) {
    case 'email':
      return [recipient.email.trim(), null];
    case 'customer':
      return [recipient.customerId, null];
    case 'externalCustomer':
      return [recipient.externalCustomerId, null];
    case 'member':
      return [recipient.memberId, null];
    case 'externalMember':
      return [recipient.externalMemberId, recipient.email?.trim() ?? null];
  }
}

/** Decision 18: whoever asks with a session ($3 is its customer) names no customer but their own by an id. */
const isNameable = '($3::uuid IS NULL OR c.id = $3)';

/** How what was asked for leads to a customer `c`, and then to a member `m`; and the address that it comes to. */
const PEOPLE: Record<
  SeatRecipientInput['kind'],
  { customer: string; member: string; address: string }
> = {
  email: {
    customer: 'lower(c.email) = lower(asked.named)',
    member: 'lower(m.email) = lower(asked.named)',
    address: 'asked.named',
  },
  member: { customer: 'false', member: 'm.id = asked.named::uuid', address: 'm.email' },
  externalMember: {
    customer: 'lower(c.email) = lower(asked.email)',
    member: 'm.external_id = asked.named',
    address: 'coalesce(m.email, asked.email)',
  },
  customer: {
    customer: `c.id = asked.named::uuid AND ${isNameable}`,
    member: 'lower(m.email) = lower(trim(c.email))',
    address: 'trim(c.email)',
  },
  externalCustomer: {
    customer: `c.external_id = asked.named AND ${isNameable}`,
    member: 'lower(m.email) = lower(trim(c.email))',
    address: 'trim(c.email)',
  },
};

const person = (member: string) => `
  CASE WHEN ${member}.id IS NOT NULL THEN
    json_build_object('id', ${member}.id, 'email', ${member}.email, 'externalId', ${member}.external_id)
  END`;

const poolOf = (kind: PoolKind, column: 'id' | 'checkout_id') => `
  SELECT ${SOURCE_COLUMNS}, '${kind}' AS kind, p.seats_used, p.seats_revoked, p.status::text AS status, p.created_at
    FROM ${TABLE[kind]} p JOIN organizations o ON o.id = p.organization_id
   WHERE ${reachableBy(column)}`;

/** Whether a person has a live seat `s` of the pool. */
const hasSeat = (kind: PoolKind, person: string) => `
  pool.kind = '${kind}' AND EXISTS (
    SELECT FROM customer_seats s
     WHERE s.organization_id = pool.organization_id AND ${person} AND ${isOfPool(kind, 'pool.id')})`;

function statementOf(source: SeatSourceInput['kind'], by: SeatRecipientInput['kind']): Statement {
  const kinds = source === 'checkout' ? (['subscription', 'order'] as const) : [source];
  const column = source === 'checkout' ? 'checkout_id' : 'id';
  const { customer, member, address } = PEOPLE[by];
  const hasAnySeat = (person: string) =>
    kinds.map(kind => `(${hasSeat(kind, person)})`).join(' OR ');
  const ofKind = (value: (kind: PoolKind) => string) =>
    `CASE pool.kind ${kinds.map(kind => `WHEN '${kind}' THEN ${value(kind)}`).join(' ')} END`;
  return {
    name: `resolve_assignment_${source}_${by}`,
    text: `
      WITH pool (organization_id, id, customer_id, product_id, seats, is_sold_by_seat, has_members, sends_invitations,
                 kind, seats_used, seats_revoked, status, created_at) AS MATERIALIZED (
        ${kinds.map(kind => poolOf(kind, column)).join(' UNION ALL ')}
         ORDER BY kind DESC, created_at, id
         LIMIT 1
      )
      SELECT pool.organization_id, pool.id, pool.customer_id, pool.product_id, pool.seats, pool.is_sold_by_seat,
             pool.has_members, pool.sends_invitations, pool.kind, pool.seats_used, pool.status,
             ${ofKind(kind => `(${oldestRevoked(kind, 'pool.organization_id')})`)},
             ${person('m')}, ${person('namesake')}, c.id, c.email,
             CASE WHEN pool.has_members
                  THEN ${hasAnySeat('s.member_id = coalesce(m.id, namesake.id)')} OR ${hasAnySeat(`lower(s.email) = lower(${address})`)}
                  ELSE ${hasAnySeat('s.customer_id = c.id')}
             END
        FROM (VALUES ($4::text, $5::text)) AS asked (named, email)
        LEFT JOIN pool ON true
        LEFT JOIN customers c
          ON c.organization_id = pool.organization_id AND ${customer} AND c.deleted_at IS NULL
        LEFT JOIN members m
          ON m.organization_id = pool.organization_id AND m.customer_id = pool.customer_id AND ${member}
             AND m.deleted_at IS NULL
        LEFT JOIN members namesake
          ON m.id IS NULL AND namesake.organization_id = pool.organization_id
             AND namesake.customer_id = pool.customer_id AND lower(namesake.email) = lower(asked.email)
             AND namesake.deleted_at IS NULL`,
  };
}

const byRecipient = (source: SeatSourceInput['kind']) => ({
  email: statementOf(source, 'email'),
  member: statementOf(source, 'member'),
  externalMember: statementOf(source, 'externalMember'),
  customer: statementOf(source, 'customer'),
  externalCustomer: statementOf(source, 'externalCustomer'),
});

const STATEMENTS = {
  subscription: byRecipient('subscription'),
  order: byRecipient('order'),
  checkout: byRecipient('checkout'),
};
