/** Columns of a table that a statement selects under names of their own, and reads back as an object. */
export interface Fields<Row> {
  /** The columns of the table with an alias, each named after `prefix`. */
  select(alias: string, prefix: string): string;
  /** The object of a row; null where the table had no row. */
  read(row: Readonly<Record<string, unknown>>, prefix: string): Row | null;
}

/**
 * Fields in camel case, each of a column in snake case. The first is never null in the table, so that it tells a missing
 * row of an outer join.
 */
export function fieldsOf<Row>(...keys: readonly (keyof Row & string)[]): Fields<Row> {
  const column = (key: string) => key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
  const [first = ''] = keys;
  return {
    select: (alias, prefix) =>
      keys.map(key => `${alias}.${column(key)} AS "${prefix}.${key}"`).join(', '),
    read(row, prefix) {
      if (row[`${prefix}.${first}`] === null || row[`${prefix}.${first}`] === undefined)
        return null;
      // The statement selected every key, and the driver parsed each by its type.
      return Object.fromEntries(keys.map(key => [key, row[`${prefix}.${key}`]])) as Row;
    },
  };
}
