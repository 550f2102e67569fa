/** Rows that go to a statement as one array for each column, by the names of the columns. */
export interface Columns<Row> {
  /** `unnest` of the arrays from parameter `first` on, as a table `alias` of the columns and their row's number `n`. */
  unnest(first: number, alias: string): string;
  /** The arrays, in the order of the parameters. */
  values(rows: readonly Row[]): unknown[][];
  /** The columns' names, with a prefix such as `r.`. */
  names(prefix?: string): string;
  /** How many parameters there are. */
  width: number;
}

/**
 * Describes the columns of rows by the PostgreSQL type of each. A key in camel case names a column in snake case. Types
 * ending in `json` and `jsonb` take text.
 */
export function columnsOf<Types extends Readonly<Record<string, string>>>(
  types: Types,
): Columns<Readonly<Record<keyof Types, unknown>>> {
  const keys = Object.keys(types);
  const columns = keys.map(key => key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`));
  return {
    unnest(first, alias) {
      const arrays = keys.map((key, i) => `$${first + i}::${types[key]}[]`);
      return `unnest(${arrays.join(', ')}) WITH ORDINALITY AS ${alias} (${columns.join(', ')}, n)`;
    },
    values: rows => keys.map(key => rows.map(row => row[key])),
    names: (prefix = '') => columns.map(column => prefix + column).join(', '),
    width: keys.length,
  };
}
