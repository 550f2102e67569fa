import { randomUUID } from 'node:crypto';
import { Prisma, type Tx } from '../db/client.ts';
import { violatedConstraint } from '../db/constraints.ts';
import type { Customer, Member } from '../db/generated/prisma/client.ts';
import {
  CustomerNotFound,
  InvalidSeatAssignmentRequest,
  MemberEmailMismatch,
  MemberNotFound,
} from './errors.ts';
import { findOrMake } from './find-or-make.ts';
import type { SeatRecipientInput } from './inputs.ts';
import { lockMember, memberByEmail } from './members.ts';
import type { SeatSource } from './source.ts';

/** Who gets the seat, in the columns of the seat's row. */
export interface Holder {
  /** With the member model the customer who pays, without it the holder's own. */
  customerId: string;
  memberId: string | null;
  email: string | null;
  /** What the holder is called in SeatAlreadyAssigned. */
  label: string;
  /** The holder's own customer, by which a live seat of theirs is known; absent with the member model. */
  ownCustomerId?: string;
}

/**
 * Finds, or makes, the person that the caller named. Throws a typed error where that cannot be.
 * With the member model a holder is a member of the paying customer; without it, a customer of their own.
 */
export async function resolveRecipient(
  tx: Tx,
  source: SeatSource,
  recipient: SeatRecipientInput,
  now: Date,
): Promise<Holder> {
  if (!source.organization.memberModelEnabled) {
    return await resolveCustomer(tx, source, recipient, now);
  }
  const member = await resolveMember(tx, source, recipient, now);
  return {
    customerId: source.customerId,
    memberId: member.id,
    email: member.email,
    label: member.email,
  };
}

async function resolveMember(
  tx: Tx,
  source: SeatSource,
  recipient: SeatRecipientInput,
  now: Date,
): Promise<Member> {
  switch (recipient.kind) {
    case 'email':
      return await memberByEmail(tx, source, recipient.email, now);
    case 'member':
      return (
        (await lockMember(tx, source, Prisma.sql`id = ${recipient.memberId}::uuid`)) ??
        memberNotFound(recipient.memberId)
      );
    case 'externalMember':
      return await memberByExternalId(tx, source, recipient, now);
    case 'customer':
    case 'externalCustomer': {
      if (identifierOf(recipient) === '') return unusableRecipient();
      const customer = await findCustomer(tx, source, recipient);
      if (customer === null) {
        throw new InvalidSeatAssignmentRequest(
          'Customer not found for the provided customer_id or external_customer_id.',
        );
      }
      if (customer.email === null) return unusableRecipient();
      return await memberByEmail(tx, source, customer.email, now);
    }
  }
}

function unusableRecipient(): never {
  throw new InvalidSeatAssignmentRequest(
    'At least one of email, external_member_id, or member_id must be provided when member_model_enabled is true.',
  );
}

function memberNotFound(identifier: string): never {
  throw new MemberNotFound(identifier);
}

async function memberByExternalId(
  tx: Tx,
  source: SeatSource,
  { externalMemberId, email }: Extract<SeatRecipientInput, { kind: 'externalMember' }>,
  now: Date,
): Promise<Member> {
  const known = await lockMember(tx, source, Prisma.sql`external_id = ${externalMemberId}`);
  if (known !== null) {
    if (email !== undefined && email.toLowerCase() !== known.email.toLowerCase()) {
      throw new MemberEmailMismatch(externalMemberId, email);
    }
    return known;
  }
  if (email === undefined) return memberNotFound(externalMemberId);
  const member = await memberByEmail(tx, source, email, now);
  return await linkExternalId(tx, member, externalMemberId, email, now);
}

/** Gives a member an external id, unless it has another; of two callers with the same id the second finds it given. */
async function linkExternalId(
  tx: Tx,
  member: Member,
  externalMemberId: string,
  email: string,
  now: Date,
): Promise<Member> {
  const { organizationId, id } = member;
  try {
    await tx.member.updateMany({
      where: { organizationId, id, externalId: null },
      data: { externalId: externalMemberId, modifiedAt: now },
    });
  } catch (error) {
    if (violatedConstraint(error) !== 'members_external_id_key') throw error;
    throw new MemberEmailMismatch(externalMemberId, email);
  }
  const linked = await tx.member.findUniqueOrThrow({
    where: { organizationId_id: { organizationId, id } },
  });
  if (linked.externalId !== externalMemberId) {
    throw new MemberEmailMismatch(externalMemberId, email);
  }
  return linked;
}

async function resolveCustomer(
  tx: Tx,
  source: SeatSource,
  recipient: SeatRecipientInput,
  now: Date,
): Promise<Holder> {
  const customer = await holdingCustomer(tx, source, recipient, now);
  const member =
    customer.email === null ? null : await memberByEmail(tx, source, customer.email, now);
  return {
    customerId: customer.id,
    memberId: member?.id ?? null,
    email: customer.email,
    label: identifierOf(recipient),
    ownCustomerId: customer.id,
  };
}

async function holdingCustomer(
  tx: Tx,
  source: SeatSource,
  recipient: SeatRecipientInput,
  now: Date,
): Promise<Customer> {
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
      return await customerByEmail(tx, source, recipient.email, now);
    case 'email':
      return await customerByEmail(tx, source, recipient.email, now);
    case 'customer':
    case 'externalCustomer': {
      const identifier = identifierOf(recipient);
      const customer = identifier === '' ? null : await findCustomer(tx, source, recipient);
      // The reference prints an empty external id as Python's None.
      if (customer === null) throw new CustomerNotFound(identifier || 'None');
      return customer;
    }
  }
}

function membersUnsupported(): never {
  throw new InvalidSeatAssignmentRequest(
    'external_member_id and member_id are only supported when member_model_enabled is true.',
  );
}

/** The recipient as the caller spelled it. */
function identifierOf(recipient: SeatRecipientInput): string {
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

async function findCustomer(
  tx: Tx,
  { organizationId }: SeatSource,
  recipient: Extract<SeatRecipientInput, { kind: 'customer' | 'externalCustomer' }>,
): Promise<Customer | null> {
  return await tx.customer.findFirst({
    where: {
      organizationId,
      deletedAt: null,
      ...(recipient.kind === 'customer'
        ? { id: recipient.customerId }
        : { externalId: recipient.externalCustomerId }),
    },
  });
}

async function customerByEmail(
  tx: Tx,
  { organizationId }: SeatSource,
  email: string,
  now: Date,
): Promise<Customer> {
  const find = async () => {
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM customers
       WHERE organization_id = ${organizationId}::uuid
         AND lower(email) = lower(${email}) AND deleted_at IS NULL`;
    return (
      row &&
      (await tx.customer.findUnique({
        where: { organizationId_id: { organizationId, id: row.id } },
      }))
    );
  };
  return await findOrMake(find, () =>
    tx.customer.createManyAndReturn({
      data: [{ id: randomUUID(), organizationId, email, createdAt: now }],
      skipDuplicates: true,
    }),
  );
}
