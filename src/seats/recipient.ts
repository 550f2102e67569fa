import { randomUUID } from 'node:crypto';
import { Prisma, type Tx } from '../db/client.ts';
import { violatedConstraint } from '../db/constraints.ts';
import type { Customer, Member } from '../db/generated/prisma/client.ts';
import type { KnownActor } from './access.ts';
import { MemberEmailMismatch } from './errors.ts';
import { findOrMake } from './find-or-make.ts';
import type { SeatRecipientInput } from './inputs.ts';
import { identifierOf, type KnownPeople, meantRecipient } from './meant-recipient.ts';
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
 * Decision 18: to a session, every other customer's id or external id is unknown.
 */
export async function resolveRecipient(
  tx: Tx,
  actor: KnownActor,
  source: SeatSource,
  recipient: SeatRecipientInput,
  now: Date,
): Promise<Holder> {
  const known = await findPeople(tx, actor, source, recipient);
  const meant = meantRecipient(source.organization, recipient, known);
  switch (meant.by) {
    case 'member':
      return memberOf(source, meant.member);
    case 'email': {
      const { email, externalMemberId } = meant;
      const member = await memberByEmail(tx, source, email, now);
      if (externalMemberId === undefined) return memberOf(source, member);
      return memberOf(source, await linkExternalId(tx, member, externalMemberId, email, now));
    }
    case 'customer':
      return await customerOf(tx, source, meant.customer, recipient, now);
    case 'customerEmail': {
      const customer = await customerByEmail(tx, source, meant.email, now);
      return await customerOf(tx, source, customer, recipient, now);
    }
  }
}

function memberOf(source: SeatSource, { id, email }: Member): Holder {
  return { customerId: source.customerId, memberId: id, email, label: email };
}

async function customerOf(
  tx: Tx,
  source: SeatSource,
  { id, email }: Customer,
  recipient: SeatRecipientInput,
  now: Date,
): Promise<Holder> {
  const member = email === null ? null : await memberByEmail(tx, source, email, now);
  return {
    customerId: id,
    memberId: member?.id ?? null,
    email,
    label: identifierOf(recipient),
    ownCustomerId: id,
  };
}

/** Whom the recipient's identifier leads to; a member is locked. */
async function findPeople(
  tx: Tx,
  actor: KnownActor,
  source: SeatSource,
  recipient: SeatRecipientInput,
): Promise<KnownPeople<Member, Customer>> {
  const byId = (condition: Prisma.Sql) => lockMember(tx, source, condition);
  const nobody = { member: null, namesake: null, customer: null };
  switch (recipient.kind) {
    case 'email':
      return nobody;
    case 'member':
      return { ...nobody, member: await byId(Prisma.sql`id = ${recipient.memberId}::uuid`) };
    case 'externalMember': {
      const { externalMemberId } = recipient;
      return { ...nobody, member: await byId(Prisma.sql`external_id = ${externalMemberId}`) };
    }
    case 'customer':
    case 'externalCustomer':
      return { ...nobody, customer: await findCustomer(tx, actor, source, recipient) };
  }
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

async function findCustomer(
  tx: Tx,
  actor: KnownActor,
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
      ...('customerId' in actor && { AND: { id: actor.customerId } }),
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
