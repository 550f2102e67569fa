import type { Customer, Member } from '../../db/generated/prisma/client.ts';
import { hasMemberModel } from './pool.ts';

/** What decides who may claim a pending seat. */
export interface InvitationFacts {
  seat: {
    customerId: string | null;
    memberId: string | null;
    email: string | null;
    member: Pick<Member, 'deletedAt'> | null;
  };
  /** The seat's customer: the billing customer, or, in an organization without the member model, the holder. */
  customer: Pick<Customer, 'email' | 'deletedAt'> | null;
  pool: { customerId: string; deletedAt: Date | null };
  /** The billing customer of the pool. */
  billingCustomer: Pick<Customer, 'deletedAt'> | null;
  organization: { status: string; deletedAt: Date | null; memberModelEnabled: boolean };
}

/**
 * Whom a pending seat is for: the member whom it names; the person with an address, who becomes a member of the billing
 * customer if they are not one yet; or a customer without an address who holds the seat directly.
 */
export type Invitee =
  | { by: 'member' }
  | { by: 'address'; email: string }
  | { by: 'customer'; customerId: string };

/**
 * Returns whom a pending seat is for. Every use of an invitation asks here: claim, claim info, stream, page, mail and
 * resend. Undefined if nobody can claim the seat: its organization is blocked or deleted, its pool, a customer or its member
 * was deleted, or it names nobody. The seat's own member and address come first. The billing customer's address never stands
 * in for them, since that would give the invitee the billing customer's session.
 */
export function inviteeOf(facts: InvitationFacts): Invitee | undefined {
  const { seat, customer, pool, billingCustomer, organization } = facts;
  if (!isOpen(organization) || pool.deletedAt !== null) return undefined;
  if (!isLive(customer) || !isLive(billingCustomer)) return undefined;
  if (seat.memberId !== null) return isLive(seat.member) ? { by: 'member' } : undefined;
  if (seat.email !== null) return { by: 'address', email: seat.email };
  const isHolder = !hasMemberModel(organization) && seat.customerId !== pool.customerId;
  if (!isHolder || seat.customerId === null) return undefined;
  return customer.email === null
    ? { by: 'customer', customerId: seat.customerId }
    : { by: 'address', email: customer.email };
}

/** Whether an organization can invite anybody: it is neither blocked nor deleted. */
export function isOpen(organization: { status: string; deletedAt: Date | null }): boolean {
  return organization.status !== 'blocked' && organization.deletedAt === null;
}

function isLive<Row extends { deletedAt: Date | null }>(row: Row | null): row is Row {
  return row !== null && row.deletedAt === null;
}
