import { beginCustomerSession, beginMemberSession, type NewSession } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import type { Customer, Member } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { ownedBy, requireSessionMaker } from './access.ts';
import { InvalidInput } from './errors.ts';

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
  return await transaction(ctx.db, async tx => {
    const now = ctx.now();
    const [customer, another] = await tx.customer.findMany({
      where: {
        ...ownedBy(actor),
        deletedAt: null,
        ...('customerId' in input.customer
          ? { id: input.customer.customerId }
          : { externalId: input.customer.externalCustomerId }),
      },
      include: { organization: { select: { memberModelEnabled: true } } },
      take: 2,
    });
    if (customer === undefined) {
      throw refusal(Object.keys(input.customer), 'NOT_FOUND', 'Customer does not exist.');
    }
    // A person may act for several organizations, each with external ids of its own.
    if (another !== undefined) {
      throw refusal(Object.keys(input.customer), 'AMBIGUOUS', 'Several customers have this id.');
    }
    const member = customer.organization.memberModelEnabled
      ? await findMember(tx, customer, input.member)
      : null;
    const { organizationId, id } = customer;
    const session = member
      ? await beginMemberSession(tx, member, now)
      : await beginCustomerSession(tx, { organizationId, customerId: id }, now);
    return { session, customer, member };
  });
}

async function findMember(
  tx: Tx,
  customer: Customer,
  named: CreateCustomerSessionInput['member'],
): Promise<Member | null> {
  const { organizationId, id: customerId, email } = customer;
  const team = { organizationId, customerId, deletedAt: null };
  if (named === undefined) {
    // A customer without an address of its own is a team: nobody stands for all of it.
    if (email === null)
      throw refusal(['memberId'], 'REQUIRED', 'member_id is required for team customers.');
    return await tx.member.findFirst({ where: { ...team, role: 'owner' } });
  }
  const member = await tx.member.findFirst({
    where: {
      ...team,
      ...('memberId' in named ? { id: named.memberId } : { externalId: named.externalMemberId }),
    },
  });
  if (member === null) throw refusal(Object.keys(named), 'NOT_FOUND', 'Member does not exist.');
  return member;
}

function refusal(path: readonly string[], code: string, message: string): InvalidInput {
  return new InvalidInput([{ path, code, message }]);
}
