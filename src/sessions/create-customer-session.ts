import { type AccessTokenActor, organizationsOf, requireSessionMaker } from '../auth/access.ts';
import { beginCustomerSession, beginMemberSession, type NewSession } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import type { Customer, Member } from '../db/generated/prisma/client.ts';
import type { Sql, Statement } from '../db/sql.ts';
import { InvalidInput } from '../domain/errors.ts';
import { MEMBER_COLUMNS, toMember } from '../seats/read/seat-row.ts';

export interface CreateCustomerSessionInput {
  customer: { customerId: string } | { externalCustomerId: string };
  /** Whose session it is, where members have sessions of their own; left out, the owner's. */
  member?: { memberId: string } | { externalMemberId: string } | undefined;
}

/** A session and whose it is. */
export interface CustomerSessionView {
  session: NewSession;
  customer: Customer;
  member: Member | null;
}

/**
 * Begins an hour in the portal for a customer, or with the member model for one of its members: the one named, or else
 * the owner. A customer that has no owner gets a session of its own.
 * Throws Unauthenticated, NotPermitted, and InvalidInput for a customer or member that does not exist.
 */
export async function createCustomerSession(
  ctx: Ctx,
  input: CreateCustomerSessionInput,
): Promise<CustomerSessionView> {
  const actor = requireSessionMaker(ctx.actor);
  const [found, another] = await findSubjects(ctx.sql, actor, input);
  if (found === undefined) {
    throw refusal(Object.keys(input.customer), 'NOT_FOUND', 'Customer does not exist.');
  }
  // A person may act for several organizations, each with external ids of its own.
  if (another !== undefined) {
    throw refusal(Object.keys(input.customer), 'AMBIGUOUS', 'Several customers have this id.');
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

/** The member whose session it is to be; null for the customer's own. */
function requireMember(
  { customer, member }: Subject,
  named: CreateCustomerSessionInput['member'],
): Member | null {
  if (named !== undefined && member === null) {
    throw refusal(Object.keys(named), 'NOT_FOUND', 'Member does not exist.');
  }
  // A customer without an address of its own is a team: nobody stands for all of it.
  if (named === undefined && customer.email === null) {
    throw refusal(['memberId'], 'REQUIRED', 'member_id is required for team customers.');
  }
  return member;
}

/** A customer, and the member that is named, or else the owner. */
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

/** Where in a row the columns of the member begin. */
const MEMBER = 9;

/** Those within reach that are meant, at most two. */
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

function refusal(path: readonly string[], code: string, message: string): InvalidInput {
  return new InvalidInput([{ path, code, message }]);
}
