/** The columns of a table that a statement selects with a prefix, and that become an object. */
export interface Fields<Row> {
  /** Returns the select list for the table `alias`. Each name starts with `prefix`. */
  select(alias: string, prefix: string): string;
  /** Returns the object of a row; null if the table has no row. */
  read(row: Readonly<Record<string, unknown>>, prefix: string): Row | null;
}

/**
 * Returns the fields for keys in camel case, each of a column in snake case. The first column must be NOT NULL: its null
 * marks a missing row of an outer join.
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
      // The statement selects every key, and the driver parses each by its type.
      return Object.fromEntries(keys.map(key => [key, row[`${prefix}.${key}`]])) as Row;
    },
  };
}
