/** A lookup of a row by an indexed column or expression. */
export interface Lookup {
  column: string;
  value: string;
}

/**
 * Returns the condition of a lookup. Without statistics, PostgreSQL expects one row from every index of a table, and may
 * choose an index that finds all rows of a tenant. The condition is therefore a range: only the column's own index then
 * provides the order of `lookupOrder`. With an equality, PostgreSQL would drop that order.
 */
export function lookupCondition({ column, value }: Lookup): string {
  return `${column} BETWEEN ${value} AND ${value}`;
}

/** Returns the order of a lookup: see `lookupCondition`. PostgreSQL drops it within EXISTS. */
export function lookupOrder({ column }: Pick<Lookup, 'column'>): string {
  return `ORDER BY ${column}`;
}
