import {
  type AccessTokenActor,
  organizationsInReach,
  requireSessionManager,
} from '../auth/access.ts';
import { beginCustomerSession, beginMemberSession, type NewSession } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import type { Db, Prisma } from '../db/client.ts';
import type { Customer, Member } from '../db/generated/prisma/client.ts';
import { type InputIssueCode, InvalidInput } from '../domain/errors.ts';

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
  const [found, another] = await findSubjects(ctx.db, actor, input);
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

/** Returns up to two matching customers of the actor's organizations. */
async function findSubjects(
  db: Db,
  actor: AccessTokenActor,
  { customer, member }: CreateCustomerSessionInput,
): Promise<Subject[]> {
  const found = await db.customer.findMany({
    where: {
      organizationId: { in: [...organizationsInReach(actor)] },
      deletedAt: null,
      ...('customerId' in customer
        ? { id: customer.customerId }
        : { externalId: customer.externalCustomerId }),
    },
    include: {
      organization: { select: { memberModelEnabled: true } },
      members: { where: { deletedAt: null, ...conditionOf(member) }, take: 1 },
    },
    take: 2,
  });
  return found.map(({ organization, members: [subject = null], ...row }) => ({
    customer: row,
    memberModelEnabled: organization.memberModelEnabled,
    member: subject,
  }));
}

function conditionOf(member: CreateCustomerSessionInput['member']): Prisma.MemberWhereInput {
  if (member === undefined) return { role: 'owner' };
  return 'memberId' in member ? { id: member.memberId } : { externalId: member.externalMemberId };
}

function invalid(path: readonly string[], code: InputIssueCode, message: string): InvalidInput {
  return new InvalidInput([{ path, code, message }]);
}
