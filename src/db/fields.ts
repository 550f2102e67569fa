/** The columns of a table that a statement selects with a prefix and that `read` makes into an object. */
export interface Fields<Row> {
  /** Returns the select list for the table `alias`. Each name starts with `prefix`. */
  select(alias: string, prefix: string): string;
  /** Returns the object of a row; null if the table has no row. */
  read(row: Readonly<Record<string, unknown>>, prefix: string): Row | null;
}

/**
 * Returns the fields for camel-case keys. Each names a snake-case column. The first column must be NOT NULL: its null marks
 * a missing row of an outer join.
 */
export function fieldsOf<Row>(...keys: readonly (keyof Row & string)[]): Fields<Row> {
  const names = new Map<string, readonly string[]>();
  const namesWith = (prefix: string): readonly string[] => {
    const made = names.get(prefix) ?? keys.map(key => `${prefix}.${key}`);
    names.set(prefix, made);
    return made;
  };
  return {
    select(alias, prefix) {
      const named = namesWith(prefix);
      return keys.map((key, i) => `${alias}.${columnOf(key)} AS "${named[i]}"`).join(', ');
    },
    read(row, prefix) {
      const named = namesWith(prefix);
      if ((row[named[0] ?? ''] ?? null) === null) return null;
      const fields: Record<string, unknown> = {};
      for (const [i, key] of keys.entries()) fields[key] = row[named[i] ?? ''];
      // The statement selects every key, and the driver parses each by its type.
      return fields as Row;
    },
  };
}

/** Returns the column of a key: `created_at` for `createdAt`. */
export function columnOf(key: string): string {
  return key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
