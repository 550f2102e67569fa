import { columnOf } from './fields.ts';

/** The columns of rows that a statement receives as one array per column. */
export interface Columns<Row> {
  /** Returns `unnest` of the arrays from parameter `first` on, as table `alias` with the columns and the row number `n`. */
  unnest(first: number, alias: string): string;
  /** Returns the arrays in the order of the parameters. */
  values(rows: readonly Row[]): unknown[][];
  /** Returns the names of the columns, with a prefix such as `r.`. */
  names(prefix?: string): string;
  /** The number of parameters. */
  parameterCount: number;
}

/**
 * Returns the columns for the PostgreSQL type of each key. Keys in camel case name columns in snake case. Values of `json`
 * and `jsonb` columns are text.
 */
export function columnsOf<Types extends Readonly<Record<string, string>>>(
  types: Types,
): Columns<Readonly<Record<keyof Types, unknown>>> {
  const keys = Object.keys(types);
  const columns = keys.map(columnOf);
  return {
    unnest(first, alias) {
      const arrays = keys.map((key, i) => `$${first + i}::${types[key]}[]`);
      return `unnest(${arrays.join(', ')}) WITH ORDINALITY AS ${alias} (${columns.join(', ')}, n)`;
    },
    values: rows => keys.map(key => rows.map(row => row[key])),
    names: (prefix = '') => columns.map(column => prefix + column).join(', '),
    parameterCount: keys.length,
  };
}
