import type { MailKind, MailStatus } from '../db/generated/prisma/enums.ts';
import { Parameters } from '../db/parameters.ts';
import type { Sql } from '../db/sql.ts';
import type { ListPart, Place } from '../seats/read/page.ts';

/** The mails of an organization to one address. */
export interface MailQuery {
  organizationId: string;
  recipient: string;
  seatId?: string | null | undefined;
  status?: readonly MailStatus[] | null | undefined;
  kind?: readonly MailKind[] | null | undefined;
}

/** Returns the ids of a part of the list, unscoped. Prisma compares addresses without case by ILIKE, which uses no index. */
export async function findMails(
  sql: Sql,
  query: MailQuery,
  { after, before, direction, take }: ListPart<Place>,
): Promise<string[]> {
  const parameters = new Parameters();
  const conditions = conditionsOf(query, parameters);
  const place = ({ createdAt, id }: Place) =>
    `(${parameters.add(createdAt, 'timestamptz')}, ${parameters.add(id, 'uuid')})`;
  if (after) conditions.push(`(created_at, id) > ${place(after)}`);
  if (before) conditions.push(`(created_at, id) < ${place(before)}`);
  const text = `
    SELECT id FROM mails WHERE ${conditions.join(' AND ')}
     ORDER BY created_at ${direction}, id ${direction} LIMIT ${parameters.add(take, 'integer')}`;
  const rows = await sql.rows<{ id: string }>({ name: '', text }, parameters.values);
  return rows.map(({ id }) => id);
}

/** Returns the length of the list, unscoped. */
export async function countMails(sql: Sql, query: MailQuery): Promise<number> {
  const parameters = new Parameters();
  const text = `SELECT count(*)::integer AS n FROM mails WHERE ${conditionsOf(query, parameters).join(' AND ')}`;
  const [row] = await sql.rows<{ n: number }>({ name: '', text }, parameters.values);
  return row?.n ?? 0;
}

function conditionsOf(
  { organizationId, recipient, seatId, status, kind }: MailQuery,
  parameters: Parameters,
): string[] {
  const conditions = [
    `organization_id = ${parameters.add(organizationId, 'uuid')}`,
    `lower(recipient) = lower(${parameters.add(recipient, 'text')})`,
  ];
  if (seatId) conditions.push(`seat_id = ${parameters.add(seatId, 'uuid')}`);
  if (status) conditions.push(`status = ANY(${parameters.add(status, 'mail_status[]')})`);
  if (kind) conditions.push(`kind = ANY(${parameters.add(kind, 'mail_kind[]')})`);
  return conditions;
}
