/** A lookup of a row by a column, or an expression, that an index has. */
export interface Lookup {
  column: string;
  value: string;
}

/**
 * Returns the condition of a lookup. Without statistics PostgreSQL expects one row of every index of a table, and may take
 * one that leads to all rows of a tenant. So the condition is a range, for which only the column's own index has the order
 * of `lookupOrder`. An equality would make that order void.
 */
export function lookupCondition({ column, value }: Lookup): string {
  return `${column} BETWEEN ${value} AND ${value}`;
}

/** Returns the order of a lookup: see `lookupCondition`. PostgreSQL drops it within EXISTS. */
export function lookupOrder({ column }: Pick<Lookup, 'column'>): string {
  return `ORDER BY ${column}`;
}
