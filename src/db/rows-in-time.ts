import type { Parameters } from './parameters.ts';
import type { Sql } from './sql.ts';

interface Place {
  createdAt: Date;
  id: string;
}

/** The rows of a table that meet the conditions. `parameters` has the values of the conditions. */
interface Rows {
  table: string;
  alias: string;
  conditions: readonly string[];
  parameters: Parameters;
}

/** Returns the ids of one page of rows, ordered by `created_at, id`. PostgreSQL plans the statement for its values. */
export async function findIds(
  sql: Sql,
  { table, alias, conditions, parameters }: Rows,
  part: {
    after?: Place | undefined;
    before?: Place | undefined;
    direction: 'asc' | 'desc';
    take: number;
  },
): Promise<string[]> {
  const { after, before, direction, take } = part;
  const place = ({ createdAt, id }: Place) =>
    `(${parameters.add(createdAt, 'timestamptz')}, ${parameters.add(id, 'uuid')})`;
  const own = `(${alias}.created_at, ${alias}.id)`;
  const all = [
    ...conditions,
    ...(after ? [`${own} > ${place(after)}`] : []),
    ...(before ? [`${own} < ${place(before)}`] : []),
  ];
  const text = `
    SELECT ${alias}.id FROM ${table} ${alias} WHERE ${all.join(' AND ')}
     ORDER BY ${alias}.created_at ${direction}, ${alias}.id ${direction} LIMIT ${parameters.add(take, 'integer')}`;
  const rows = await sql.rows<{ id: string }>({ name: '', text }, parameters.values);
  return rows.map(({ id }) => id);
}

export async function countRows(
  sql: Sql,
  { table, alias, conditions, parameters }: Rows,
): Promise<number> {
  const text = `SELECT count(*)::integer AS n FROM ${table} ${alias} WHERE ${conditions.join(' AND ')}`;
  const [row] = await sql.rows<{ n: number }>({ name: '', text }, parameters.values);
  return row?.n ?? 0;
}
