import { Prisma, type Tx } from '../db/client.ts';
import { addressKey } from '../email/address-key.ts';

/** How a person of an organization is named: by exactly one of these. */
export type PersonSelector =
  | { email: string }
  | { memberId: string }
  | { customerId: string };

/** Who a person is in an organization. The same address in another organization is somebody else. */
export interface Person {
  organizationId: string;
  /** The members with the person's address, also removed ones. */
  memberIds: string[];
  /** The customers with the person's address. */
  customerIds: string[];
  /** Those of them that are the person: named by id, or without other members. The others are teams, which keep name and external id. */
  individualIds: string[];
  /** The person's addresses, present and past, in the form in which they are compared. */
  addresses: string[];
}

/** Returns the person; undefined if the selector names a member or a customer that does not exist. */
export async function findPerson(
  tx: Tx,
  organizationId: string,
  selector: PersonSelector,
): Promise<Person | undefined> {
  const named = await namedBy(tx, organizationId, selector);
  if (named === undefined) return undefined;
  const addresses = named.email === null ? [] : [addressKey(named.email)];
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
    memberIds,
    customerIds: customers.map(({ id }) => id),
    individualIds: customers
      .filter(({ id, isTeam }) => !isTeam || named.customerIds.includes(id))
      .map(({ id }) => id),
    addresses,
  };
}

interface Named {
  email: string | null;
  memberIds: string[];
  customerIds: string[];
}

async function namedBy(
  tx: Tx,
  organizationId: string,
  selector: PersonSelector,
): Promise<Named | undefined> {
  if ('email' in selector) return { email: selector.email, memberIds: [], customerIds: [] };
  if ('memberId' in selector) {
    const { memberId: id } = selector;
    const member = await tx.member.findFirst({ where: { organizationId, id } });
    return member ? { email: member.email, memberIds: [id], customerIds: [] } : undefined;
  }
  const { customerId: id } = selector;
  const customer = await tx.customer.findFirst({ where: { organizationId, id } });
  return customer ? { email: customer.email, memberIds: [], customerIds: [id] } : undefined;
}

/** Returns those of the addresses that no other member or customer of the organization has at present. */
export async function withoutOthers(
  tx: Tx,
  { organizationId, memberIds, customerIds }: Person,
  addresses: readonly string[],
): Promise<string[]> {
  const others = await tx.$queryRaw<{ email: string }[]>`
    SELECT lower(email) AS email FROM members
     WHERE organization_id = ${organizationId}::uuid AND deleted_at IS NULL
       AND lower(email) = ANY(${addresses}::text[]) AND NOT id = ANY(${memberIds}::uuid[])
    UNION ALL
    SELECT lower(email) FROM customers
     WHERE organization_id = ${organizationId}::uuid AND deleted_at IS NULL
       AND lower(email) = ANY(${addresses}::text[]) AND NOT id = ANY(${customerIds}::uuid[])`;
  const taken = new Set(others.map(({ email }) => email));
  return addresses.filter(address => !taken.has(address));
}

/** Returns the condition for text that has one of the person's addresses in it, ignoring case. */
export function hasAddress(column: Prisma.Sql, { addresses }: Person): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM unnest(${addresses}::text[]) AS address
    WHERE strpos(lower(${column}), address) > 0)`;
}
