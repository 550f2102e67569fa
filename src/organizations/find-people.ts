import type { MemberRole } from '../db/generated/prisma/enums.ts';
import { Parameters } from '../db/parameters.ts';
import { countRows, findIds } from '../db/rows-in-time.ts';
import { CUSTOMER_TEXT, MEMBER_TEXT, patternOf } from '../db/search-text.ts';
import type { Sql } from '../db/sql.ts';
import type { ListPart, Place } from '../seats/read/page.ts';

/** Conditions for the members of a customer. */
interface MemberFilter {
  /** A part of the address, the name or the external id. */
  search?: string | null | undefined;
  role?: readonly MemberRole[] | null | undefined;
  /** Whether the member holds a live seat. */
  hasSeat?: boolean | null | undefined;
}

/** People by filter: the members of a customer, or the customers of an organization. */
export type PeopleQuery =
  | { of: 'members'; organizationId: string; customerId: string; filter: MemberFilter }
  | {
      of: 'customers';
      organizationId: string;
      /** The only customer that the caller can see, if the caller is a session. */
      id: string | undefined;
      filter: { search?: string | null | undefined };
    };

/** Returns the ids of a part of a list, in its order, unscoped. */
export async function findPeople(
  sql: Sql,
  query: PeopleQuery,
  part: ListPart<Place>,
): Promise<string[]> {
  return await findIds(sql, rowsOf(query), part);
}

/** Returns the length of the list, unscoped. */
export async function countPeople(sql: Sql, query: PeopleQuery): Promise<number> {
  return await countRows(sql, rowsOf(query));
}

function rowsOf(query: PeopleQuery) {
  const parameters = new Parameters();
  const conditions = conditionsOf(query, parameters);
  return { table: query.of, alias: ALIAS[query.of], conditions, parameters };
}

const ALIAS = { members: 'm', customers: 'c' } as const;

function conditionsOf(query: PeopleQuery, parameters: Parameters): string[] {
  const p = ALIAS[query.of];
  const conditions = [
    `${p}.organization_id = ${parameters.add(query.organizationId, 'uuid')}`,
    `${p}.deleted_at IS NULL`,
  ];
  const { search } = query.filter;
  if (search) {
    const text = query.of === 'members' ? MEMBER_TEXT : CUSTOMER_TEXT;
    conditions.push(`${text} LIKE lower(${parameters.add(patternOf(search), 'text')})`);
  }
  if (query.of === 'customers') {
    if (query.id !== undefined) conditions.push(`c.id = ${parameters.add(query.id, 'uuid')}`);
    return conditions;
  }
  conditions.push(`m.customer_id = ${parameters.add(query.customerId, 'uuid')}`);
  const { role, hasSeat } = query.filter;
  if (role) conditions.push(`m.role = ANY(${parameters.add(role, 'member_role[]')})`);
  if (hasSeat !== null && hasSeat !== undefined) {
    conditions.push(`${hasSeat ? '' : 'NOT '}EXISTS (
      SELECT 1 FROM customer_seats s
       WHERE s.organization_id = m.organization_id AND s.member_id = m.id AND s.status <> 'revoked')`);
  }
  return conditions;
}
