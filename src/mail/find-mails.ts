import type { MailKind, MailStatus } from '../db/generated/prisma/enums.ts';
import { Parameters } from '../db/parameters.ts';
import { countRows, findIds } from '../db/rows-in-time.ts';
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
  part: ListPart<Place>,
): Promise<string[]> {
  return await findIds(sql, rowsOf(query), part);
}

/** Returns the length of the list, unscoped. */
export async function countMails(sql: Sql, query: MailQuery): Promise<number> {
  return await countRows(sql, rowsOf(query));
}

function rowsOf(query: MailQuery) {
  const parameters = new Parameters();
  const conditions = conditionsOf(query, parameters);
  return { table: 'mails', alias: 'mail', conditions, parameters };
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
