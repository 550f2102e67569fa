import { Prisma, type Tx } from '../db/client.ts';

/** The parts of a table that may name people. */
export interface Place {
  table: 'outbox_events' | 'archived_events' | 'customer_seats' | 'webhook_deliveries';
  /** The columns with text or JSON. */
  columns: readonly string[];
  /** A further condition under which `row` names the person. */
  or?: Prisma.Sql;
  /** A condition that every row must meet. */
  and?: Prisma.Sql;
}

const PAGE = 5_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Returns the ids of the organization's rows that contain one of the texts in one of the columns, ignoring case. The texts
 * must be in lower case. Reads all rows of the organization page by page, so that no statement takes long.
 */
export async function rowsNaming(
  tx: Tx,
  organizationId: string,
  texts: readonly string[],
  { table, columns, or = Prisma.sql`false`, and = Prisma.sql`true` }: Place,
): Promise<string[]> {
  const found: string[] = [];
  let after = FIRST;
  for (;;) {
    const [page] = await tx.$queryRaw<{ last: string | null; count: number; ids: string[] }[]>`
      WITH page AS MATERIALIZED (
        SELECT id, lower(concat_ws(' ', ${Prisma.raw(columns.join(', '))})) AS text, ${or} AS "isFound"
          FROM ${Prisma.raw(table)} AS row
         WHERE organization_id = ${organizationId}::uuid AND id > ${after}::uuid AND ${and}
         ORDER BY id
         LIMIT ${PAGE}
      )
      SELECT (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last,
             (SELECT count(*)::integer FROM page) AS count,
             (SELECT coalesce(json_agg(id), '[]') FROM page
               WHERE "isFound" OR EXISTS (
                 SELECT 1 FROM unnest(${texts}::text[]) AS wanted WHERE strpos(page.text, wanted) > 0)) AS ids`;
    found.push(...(page?.ids ?? []));
    if (page === undefined || page.last === null || page.count < PAGE) return found;
    after = page.last;
  }
}
