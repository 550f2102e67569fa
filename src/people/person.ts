import { Prisma, type Tx } from '../db/client.ts';
import { ResourceNotFound } from '../domain/errors.ts';
import { addressKey } from '../email/address-key.ts';
import { parseEmail } from '../email/parse-email.ts';
import { isPseudonym } from './pseudonym.ts';

/** Selects a person of an organization by one of these. */
export type PersonSelector = { email: string } | { memberId: string } | { customerId: string };

/** The identity of a person in an organization. The same address in another organization is another person. */
export interface Person {
  organizationId: string;
  /** Whether members hold the seats. Otherwise, customers do. */
  hasMembers: boolean;
  /** The members with the person's address, including removed ones. */
  memberIds: string[];
  /** The customers with the person's address. */
  customerIds: string[];
  /** The customers that are the person. The others are teams with further members, and keep their name and external id. */
  individualIds: string[];
  /** The person's current and former addresses, in the forms used for comparison. */
  addresses: string[];
}

/** Returns the person. Throws ResourceNotFound if the selector names a member or a customer that does not exist. */
export async function findPerson(
  tx: Tx,
  organizationId: string,
  selector: PersonSelector,
): Promise<Person> {
  const { memberModelEnabled: hasMembers } = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { memberModelEnabled: true },
  });
  const named = await namedBy(tx, organizationId, selector);
  const { email } = named;
  const addresses = email === null || isPseudonym(email) ? [] : await formsOf(tx, email);
  const members = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM members
     WHERE organization_id = ${organizationId}::uuid
       AND (id = ANY(${named.memberIds}::uuid[]) OR lower(email) = ANY(${addresses}::text[]))
     ORDER BY id`;
  const memberIds = members.map(({ id }) => id);
  const customers = await tx.$queryRaw<{ id: string; isTeam: boolean }[]>`
    SELECT customer.id,
           EXISTS (SELECT 1 FROM members AS other
                    WHERE other.organization_id = customer.organization_id AND other.customer_id = customer.id
                      AND other.deleted_at IS NULL AND NOT other.id = ANY(${memberIds}::uuid[])) AS "isTeam"
      FROM customers AS customer
     WHERE customer.organization_id = ${organizationId}::uuid
       AND (customer.id = ANY(${named.customerIds}::uuid[]) OR lower(customer.email) = ANY(${addresses}::text[]))
     ORDER BY customer.id`;
  return {
    organizationId,
    hasMembers,
    memberIds,
    customerIds: customers.map(({ id }) => id),
    individualIds: customers
      .filter(({ id, isTeam }) => !isTeam || named.customerIds.includes(id))
      .map(({ id }) => id),
    addresses,
  };
}

/** Returns an address as written and in lower case, in which PostgreSQL and JavaScript differ for some letters. */
async function formsOf(tx: Tx, email: string): Promise<string[]> {
  const parsed = parseEmail(email);
  const written = parsed.ok ? parsed.email : email;
  const [row] = await tx.$queryRaw<{ lower: string }[]>`SELECT lower(${written}::text) AS lower`;
  return [...new Set([addressKey(written), row?.lower ?? written, written])];
}

interface Named {
  email: string | null;
  memberIds: string[];
  customerIds: string[];
}

async function namedBy(tx: Tx, organizationId: string, selector: PersonSelector): Promise<Named> {
  if ('email' in selector) return { email: selector.email, memberIds: [], customerIds: [] };
  if ('memberId' in selector) {
    const { memberId: id } = selector;
    const member = await tx.member.findFirst({ where: { organizationId, id } });
    if (member === null) throw new ResourceNotFound('Member not found');
    return { email: member.email, memberIds: [id], customerIds: [] };
  }
  const { customerId: id } = selector;
  const customer = await tx.customer.findFirst({ where: { organizationId, id } });
  if (customer === null) throw new ResourceNotFound('Customer not found');
  return { email: customer.email, memberIds: [], customerIds: [id] };
}

/** Returns the addresses that no other member or customer of the organization currently has. */
export async function withoutOthers(
  tx: Tx,
  { organizationId, memberIds, customerIds }: Person,
  addresses: readonly string[],
): Promise<string[]> {
  const others = await tx.$queryRaw<{ email: string }[]>`
    SELECT email FROM members
     WHERE organization_id = ${organizationId}::uuid AND deleted_at IS NULL
       AND lower(email) = ANY(${addresses}::text[]) AND NOT id = ANY(${memberIds}::uuid[])
    UNION ALL
    SELECT email FROM customers
     WHERE organization_id = ${organizationId}::uuid AND deleted_at IS NULL
       AND lower(email) = ANY(${addresses}::text[]) AND NOT id = ANY(${customerIds}::uuid[])`;
  const forms = await Promise.all(others.map(({ email }) => formsOf(tx, email)));
  const taken = new Set(forms.flat());
  return addresses.filter(address => !taken.has(address) && !taken.has(address.toLowerCase()));
}

/** The condition that the person holds the live seat `seat`. */
export function isSeatOf({ hasMembers, memberIds, customerIds, addresses }: Person): Prisma.Sql {
  const holders = hasMembers ? [] : customerIds;
  return Prisma.sql`(seat.member_id = ANY(${memberIds}::uuid[]) OR lower(seat.email) = ANY(${addresses}::text[])
    OR seat.customer_id = ANY(${holders}::uuid[]))`;
}
