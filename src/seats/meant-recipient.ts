import {
  CustomerNotFound,
  InvalidSeatAssignmentRequest,
  MemberEmailMismatch,
  MemberNotFound,
} from './errors.ts';
import type { SeatRecipientInput } from './inputs.ts';
import type { SeatSource } from './source.ts';

interface KnownMember {
  email: string;
  externalId: string | null;
}

interface KnownCustomer {
  email: string | null;
}

/** Who is there already of those that a recipient's identifier leads to, among the pool's team and its organization. */
export interface KnownPeople<Member extends KnownMember, Customer extends KnownCustomer> {
  /** The member with the id, or with the external id. */
  member: Member | null;
  /** The member with the address that comes with an external id that nobody has, where that was looked up. */
  namesake: Member | null;
  /** The customer with the id, or with the external id. */
  customer: Customer | null;
}

/** Whom a recipient means. By an address, it is somebody who is made where nobody has it. */
export type MeantRecipient<Member, Customer> =
  | { by: 'member'; member: Member }
  | { by: 'email'; email: string; externalMemberId?: string }
  | { by: 'customer'; customer: Customer }
  | { by: 'customerEmail'; email: string };

/**
 * Whom the caller means: a member of the paying customer's team where the organization has the member model, and a
 * customer of their own where it has not. Throws CustomerNotFound, InvalidSeatAssignmentRequest, MemberEmailMismatch,
 * MemberNotFound.
 */
export function meantRecipient<Member extends KnownMember, Customer extends KnownCustomer>(
  { memberModelEnabled }: SeatSource['organization'],
  recipient: SeatRecipientInput,
  known: KnownPeople<Member, Customer>,
): MeantRecipient<Member, Customer> {
  return memberModelEnabled ? meantMember(recipient, known) : meantCustomer(recipient, known);
}

function meantMember<Member extends KnownMember>(
  recipient: SeatRecipientInput,
  { member, namesake, customer }: KnownPeople<Member, KnownCustomer>,
): MeantRecipient<Member, never> {
  switch (recipient.kind) {
    case 'email':
      return { by: 'email', email: recipient.email.trim() };
    case 'member':
      return { by: 'member', member: member ?? memberNotFound(recipient.memberId) };
    case 'externalMember': {
      const { externalMemberId, email } = recipient;
      if (member === null) {
        if (email === undefined) return memberNotFound(externalMemberId);
        if (typeof namesake?.externalId === 'string') {
          throw new MemberEmailMismatch(externalMemberId, email);
        }
        return { by: 'email', email: email.trim(), externalMemberId };
      }
      if (email !== undefined && email.toLowerCase() !== member.email.toLowerCase()) {
        throw new MemberEmailMismatch(externalMemberId, email);
      }
      return { by: 'member', member };
    }
    case 'customer':
    case 'externalCustomer': {
      if (identifierOf(recipient) === '') return unusableRecipient();
      if (customer === null) {
        throw new InvalidSeatAssignmentRequest(
          'Customer not found for the provided customer_id or external_customer_id.',
        );
      }
      if (customer.email === null) return unusableRecipient();
      return { by: 'email', email: customer.email.trim() };
    }
  }
}

function memberNotFound(identifier: string): never {
  throw new MemberNotFound(identifier);
}

function unusableRecipient(): never {
  throw new InvalidSeatAssignmentRequest(
    'At least one of email, external_member_id, or member_id must be provided when member_model_enabled is true.',
  );
}

function meantCustomer<Customer extends KnownCustomer>(
  recipient: SeatRecipientInput,
  { customer }: KnownPeople<KnownMember, Customer>,
): MeantRecipient<never, Customer> {
  switch (recipient.kind) {
    case 'member':
      return membersUnsupported();
    case 'externalMember':
      if (recipient.externalMemberId !== '') return membersUnsupported();
      if (recipient.email === undefined) {
        throw new InvalidSeatAssignmentRequest(
          'Exactly one of email, external_customer_id, or customer_id must be provided',
        );
      }
      return { by: 'customerEmail', email: recipient.email };
    case 'email':
      return { by: 'customerEmail', email: recipient.email };
    case 'customer':
    case 'externalCustomer': {
      const identifier = identifierOf(recipient);
      // The reference prints an empty external id as Python's None.
      if (customer === null || identifier === '') throw new CustomerNotFound(identifier || 'None');
      return { by: 'customer', customer };
    }
  }
}

function membersUnsupported(): never {
  throw new InvalidSeatAssignmentRequest(
    'external_member_id and member_id are only supported when member_model_enabled is true.',
  );
}

/** The recipient as the caller spelled it. */
export function identifierOf(recipient: SeatRecipientInput): string {
  switch (recipient.kind) {
    case 'email':
      return recipient.email;
    case 'customer':
      return recipient.customerId;
    case 'externalCustomer':
      return recipient.externalCustomerId;
    case 'member':
      return recipient.memberId;
    case 'externalMember':
      return recipient.email ?? recipient.externalMemberId;
  }
}
