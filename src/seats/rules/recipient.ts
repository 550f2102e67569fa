import type { KnownActor } from '../../auth/access.ts';
import {
  CustomerNotFound,
  InvalidSeatAssignmentRequest,
  MemberEmailMismatch,
  MemberNotFound,
} from '../../domain/errors.ts';
import type { SeatRecipientInput } from '../inputs.ts';
import { hasMemberModel, type OrganizationFacts } from './pool.ts';

interface KnownMember {
  email: string;
  externalId: string | null;
}

interface KnownCustomer {
  id: string;
  email: string | null;
}

/** The people who exist among those whom a recipient may name. */
export interface KnownPeople<Member extends KnownMember, Customer extends KnownCustomer> {
  /** The team's member with the id or external id. */
  namedMember: Member | null;
  /** The team's member with the recipient's address. */
  addressee: Member | null;
  /** The organization's customer with the id, external id or address. */
  customer: Customer | null;
}

/** Why a recipient cannot be resolved. */
export type RecipientError =
  | CustomerNotFound
  | InvalidSeatAssignmentRequest
  | MemberEmailMismatch
  | MemberNotFound;

/** Who gets the seat. An address stands for the member who has it, or for a new member with it. */
export type Recipient<Member, Customer> =
  | { by: 'member'; member: Member }
  | { by: 'email'; email: string; externalMemberId?: string }
  | { by: 'customer'; customer: Customer }
  | { by: 'newCustomer'; email: string };

/**
 * Resolves a recipient: to a member of the billing customer's team in an organization with the member model, and to a
 * customer in one without it. A session can name no customer but its own (decision 18): every other one counts as unknown.
 * Throws CustomerNotFound, InvalidSeatAssignmentRequest, MemberEmailMismatch, MemberNotFound.
 */
export function resolveRecipient<Member extends KnownMember, Customer extends KnownCustomer>(
  actor: KnownActor,
  organization: Pick<OrganizationFacts, 'memberModelEnabled' | 'status'>,
  recipient: SeatRecipientInput,
  people: KnownPeople<Member, Customer>,
): Recipient<Member, Customer> {
  const known = { ...people, customer: nameableCustomer(actor, recipient, people.customer) };
  return hasMemberModel(organization)
    ? resolveMember(recipient, known)
    : resolveCustomer(recipient, known);
}

function nameableCustomer<Customer extends KnownCustomer>(
  actor: KnownActor,
  { kind }: SeatRecipientInput,
  customer: Customer | null,
): Customer | null {
  const isNamed = kind === 'customer' || kind === 'externalCustomer';
  return isNamed && 'customerId' in actor && customer?.id !== actor.customerId ? null : customer;
}

function resolveMember<Member extends KnownMember>(
  recipient: SeatRecipientInput,
  { namedMember, addressee, customer }: KnownPeople<Member, KnownCustomer>,
): Recipient<Member, never> {
  switch (recipient.kind) {
    case 'email':
      return { by: 'email', email: recipient.email.trim() };
    case 'member':
      return { by: 'member', member: namedMember ?? memberNotFound(recipient.memberId) };
    case 'externalMember': {
      const { externalMemberId, email } = recipient;
      if (namedMember === null) {
        if (email === undefined) return memberNotFound(externalMemberId);
        if (typeof addressee?.externalId === 'string') {
          throw new MemberEmailMismatch(externalMemberId, email);
        }
        return { by: 'email', email: email.trim(), externalMemberId };
      }
      if (email !== undefined && email.toLowerCase() !== namedMember.email.toLowerCase()) {
        throw new MemberEmailMismatch(externalMemberId, email);
      }
      return { by: 'member', member: namedMember };
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

function resolveCustomer<Customer extends KnownCustomer>(
  recipient: SeatRecipientInput,
  { customer }: KnownPeople<KnownMember, Customer>,
): Recipient<never, Customer> {
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
      return byAddress(recipient.email, customer);
    case 'email':
      return byAddress(recipient.email, customer);
    case 'customer':
    case 'externalCustomer': {
      const identifier = identifierOf(recipient);
      // The reference prints an empty external id as Python's None.
      if (customer === null || identifier === '') throw new CustomerNotFound(identifier || 'None');
      return { by: 'customer', customer };
    }
  }
}

function byAddress<Customer>(email: string, customer: Customer | null): Recipient<never, Customer> {
  return customer === null ? { by: 'newCustomer', email } : { by: 'customer', customer };
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
