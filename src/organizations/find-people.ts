import type { MemberRole } from '../db/generated/prisma/enums.ts';
import { Parameters } from '../db/parameters.ts';
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
      /** The only one that the caller can see, if it is a session. */
      id: string | undefined;
      filter: { search?: string | null | undefined };
    };

/** Returns the ids of a part of a list, in its order, unscoped. */
export async function findPeople(
  sql: Sql,
  query: PeopleQuery,
  { after, before, direction, take }: ListPart<Place>,
): Promise<string[]> {
  const parameters = new Parameters();
  const conditions = conditionsOf(query, parameters);
  const place = ({ createdAt, id }: Place) =>
    `(${parameters.add(createdAt, 'timestamptz')}, ${parameters.add(id, 'uuid')})`;
  const p = ALIAS[query.of];
  if (after) conditions.push(`(${p}.created_at, ${p}.id) > ${place(after)}`);
  if (before) conditions.push(`(${p}.created_at, ${p}.id) < ${place(before)}`);
  const text = `
    SELECT ${p}.id FROM ${query.of} ${p} WHERE ${conditions.join(' AND ')}
     ORDER BY ${p}.created_at ${direction}, ${p}.id ${direction} LIMIT ${parameters.add(take, 'integer')}`;
  const rows = await sql.rows<{ id: string }>({ name: '', text }, parameters.values);
  return rows.map(({ id }) => id);
}

/** Returns the length of the list, unscoped. */
export async function countPeople(sql: Sql, query: PeopleQuery): Promise<number> {
  const parameters = new Parameters();
  const conditions = conditionsOf(query, parameters).join(' AND ');
  const text = `SELECT count(*)::integer AS n FROM ${query.of} ${ALIAS[query.of]} WHERE ${conditions}`;
  const [row] = await sql.rows<{ n: number }>({ name: '', text }, parameters.values);
  return row?.n ?? 0;
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
