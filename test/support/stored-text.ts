import type { TestUsher } from './usher.ts';

/**
 * Returns where a text is stored, ignoring case: the `table.column` of each row that contains it. Searches every column of
 * every table, of any type, including bytes as text.
 */
export async function placesOf({ db }: Pick<TestUsher, 'db'>, text: string): Promise<string[]> {
  const columns = await db.$queryRaw<{ table: string; column: string; type: string }[]>`
    SELECT c.table_name AS table, c.column_name AS column, c.data_type AS type
      FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
     ORDER BY 1, 2`;
  const found: string[] = [];
  for (const { table, column, type } of columns) {
    const value = type === 'bytea' ? `encode("${column}", 'escape')` : `"${column}"::text`;
    const rows = await db.$queryRawUnsafe<{ n: number }[]>(
      `SELECT count(*)::integer AS n FROM "${table}" WHERE strpos(lower(${value}), lower($1)) > 0`,
      text,
    );
    if ((rows[0]?.n ?? 0) > 0) found.push(`${table}.${column}`);
  }
  return found;
}
