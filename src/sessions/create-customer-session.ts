import { type AccessTokenActor, organizationsOf, requireSessionManager } from '../auth/access.ts';
import { beginCustomerSession, beginMemberSession, type NewSession } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import type { Customer, Member } from '../db/generated/prisma/client.ts';
import type { Sql, Statement } from '../db/sql.ts';
import { InvalidInput } from '../domain/errors.ts';
import { MEMBER_COLUMNS, toMember } from '../seats/read/seat-row.ts';

export interface CreateCustomerSessionInput {
  customer: { customerId: string } | { externalCustomerId: string };
  /** The member of the session, with the member model. By default the owner. */
  member?: { memberId: string } | { externalMemberId: string } | undefined;
}

/** A session with its customer and member. */
export interface CustomerSessionView {
  session: NewSession;
  customer: Customer;
  member: Member | null;
}

/**
 * Begins a portal session of one hour for a customer. With the member model, begins it for the given member or else the
 * owner; if the customer has no owner, the session is the customer's.
 * Throws Unauthenticated, NotPermitted, and InvalidInput for a customer or member that does not exist.
 */
export async function createCustomerSession(
  ctx: Ctx,
  input: CreateCustomerSessionInput,
): Promise<CustomerSessionView> {
  const actor = requireSessionManager(ctx.actor);
  const [found, another] = await findSubjects(ctx.sql, actor, input);
  if (found === undefined) {
    throw invalid(Object.keys(input.customer), 'NOT_FOUND', 'Customer does not exist.');
  }
  // A user may act for several organizations, each with its own external ids.
  if (another !== undefined) {
    throw invalid(Object.keys(input.customer), 'AMBIGUOUS', 'Several customers have this id.');
  }
  const { customer, memberModelEnabled } = found;
  const member = memberModelEnabled ? requireMember(found, input.member) : null;
  const now = ctx.now();
  const { organizationId, id: customerId } = customer;
  const session = member
    ? await beginMemberSession(ctx.db, member, now)
    : await beginCustomerSession(ctx.db, { organizationId, customerId }, now);
  return { session, customer, member };
}

/** Returns the member of the session; null for a session of the customer. */
function requireMember(
  { customer, member }: Subject,
  requested: CreateCustomerSessionInput['member'],
): Member | null {
  if (requested !== undefined && member === null) {
    throw invalid(Object.keys(requested), 'NOT_FOUND', 'Member does not exist.');
  }
  // A customer without an address is a team, so a session needs a member.
  if (requested === undefined && customer.email === null) {
    throw invalid(['memberId'], 'REQUIRED', 'member_id is required for team customers.');
  }
  return member;
}

/** A customer, and the given member or else the owner. */
interface Subject {
  customer: Customer;
  memberModelEnabled: boolean;
  member: Member | null;
}

const SUBJECTS: Statement = {
  name: 'session_subjects',
  text: `
    SELECT c.organization_id, c.id, c.created_at, c.modified_at, c.deleted_at, c.email, c.name, c.external_id,
           o.member_model_enabled,
           ${MEMBER_COLUMNS}
      FROM customers c
      JOIN organizations o ON o.id = c.organization_id
      LEFT JOIN members m
        ON m.organization_id = c.organization_id AND m.customer_id = c.id AND m.deleted_at IS NULL
       AND CASE $4::text WHEN 'id' THEN m.id = $5::uuid WHEN 'external_id' THEN m.external_id = $6::text
                         ELSE m.role = 'owner' END
     WHERE c.organization_id = ANY($1::uuid[]) AND c.deleted_at IS NULL
       AND (c.id = $2::uuid OR c.external_id = $3::text)
     LIMIT 2`,
};

type Row = readonly [
  organizationId: string,
  id: string,
  createdAt: Date,
  modifiedAt: Date | null,
  deletedAt: Date | null,
  email: string | null,
  name: string | null,
  externalId: string | null,
  memberModelEnabled: boolean,
  ...member: unknown[],
];

/** The index of the first column of the member in a row. */
const MEMBER = 9;

/** Returns up to two matching customers of the actor's organizations. */
async function findSubjects(
  sql: Sql,
  actor: AccessTokenActor,
  { customer, member }: CreateCustomerSessionInput,
): Promise<Subject[]> {
  const by = member === undefined ? 'owner' : 'memberId' in member ? 'id' : 'external_id';
  const rows = await sql.tuples<Row>(SUBJECTS, [
    organizationsOf(actor),
    'customerId' in customer ? customer.customerId : null,
    'externalCustomerId' in customer ? customer.externalCustomerId : null,
    by,
    member !== undefined && 'memberId' in member ? member.memberId : null,
    member !== undefined && 'externalMemberId' in member ? member.externalMemberId : null,
  ]);
  return rows.map(toSubject);
}

function toSubject(row: Row): Subject {
  const [organizationId, id, createdAt, modifiedAt, deletedAt, email, name, externalId] = row;
  return {
    customer: { organizationId, id, createdAt, modifiedAt, deletedAt, email, name, externalId },
    memberModelEnabled: row[8],
    member: toMember(organizationId, row, MEMBER),
  };
}

function invalid(path: readonly string[], code: string, message: string): InvalidInput {
  return new InvalidInput([{ path, code, message }]);
}
