import type { Table } from './tables/table.ts';

// Every statement takes the rows as a JSON array in $1, each with its index as `n`, and the time in $2.

/** Returns the statement that inserts new rows, updates rows that differ, and touches no other row. */
export function upsertStatement(table: Table): string {
  const { once = {}, values = {} } = table;
  const plain = Object.keys(table.columns).filter(column => !(column in once));
  const written = Object.entries({
    ...Object.fromEntries(plain.map(column => [column, `f.${column}`])),
    ...values,
  });
  const stamped: [string, string][] = table.hasModifiedAt
    ? [['modified_at', `CASE WHEN ${exists(table)} THEN clock.now END`]]
    : [];
  const inserted = [...written, ...Object.entries(once), ...stamped];
  const updated = [...written, ...stamped].filter(([column]) => !table.key.includes(column));
  const onConflict =
    updated.length === 0
      ? 'NOTHING'
      : `UPDATE SET ${updated.map(([column]) => `${column} = excluded.${column}`)}`;
  return `
    INSERT INTO ${table.name} (${inserted.map(([column]) => column)})
    SELECT ${inserted.map(([, value]) => value)}
      FROM ${fileRows(table.columns)} LEFT JOIN ${table.name} AS old ON ${sameKey(table)} ${table.joins ?? ''}
     WHERE NOT (${exists(table)})
        OR (${written.map(([column]) => `old.${column}`)})
           IS DISTINCT FROM (${written.map(([, value]) => value)})
    ON CONFLICT (${table.key}) DO ${onConflict}`;
}

/** Returns the query for rows that the upsert would write: `n`, whether the row exists, and which columns would change. */
export function differenceStatement(table: Table): string {
  const { once = {}, values = {} } = table;
  const compared = Object.entries({
    ...Object.fromEntries(Object.keys(table.columns).map(column => [column, `f.${column}`])),
    ...values,
  }).filter(([column]) => !(column in once) && !table.key.includes(column));
  const changed = compared.map(
    ([column, value]) => `CASE WHEN old.${column} IS DISTINCT FROM (${value}) THEN '${column}' END`,
  );
  return `
    SELECT * FROM (
      SELECT f.n, ${exists(table)} AS "isKnown",
             array_remove(ARRAY[${changed.length === 0 ? 'NULL' : changed}]::text[], NULL) AS changed
        FROM ${fileRows(table.columns)} LEFT JOIN ${table.name} AS old ON ${sameKey(table)} ${table.joins ?? ''}
    ) AS compared
     WHERE NOT "isKnown" OR cardinality(changed) > 0
     ORDER BY n`;
}

/** Returns the statement that removes rows that will change from the unique indexes; undefined if none can conflict. */
export function releaseStatement(table: Table): string | undefined {
  if (table.release === undefined) return undefined;
  return `
    UPDATE ${table.name} AS old SET ${table.release.set}
      FROM ${fileRows(table.columns)} ${table.joins ?? ''}
     WHERE ${sameKey(table)} AND (${table.release.when})`;
}

/** Returns the query for rows that fail a check: `n` and the index of the check; undefined if the table has no checks. */
export function checkStatement(table: Table): string | undefined {
  if (table.checks === undefined) return undefined;
  const cases = table.checks.map(({ when }, index) => `WHEN ${when} THEN ${index}`);
  return `
    SELECT * FROM (
      SELECT f.n, CASE ${cases.join(' ')} END AS failed
        FROM ${fileRows(table.columns)} JOIN ${table.name} AS old ON ${sameKey(table)} ${table.joins ?? ''}
    ) AS checked WHERE failed IS NOT NULL ORDER BY n`;
}

/** Returns the start of a FROM clause: the rows in $1 as `f`, and the time as `clock.now`. */
export function fileRows(types: Table['columns']): string {
  const columns = Object.entries(types).map(([column, type]) => `${column} ${type}`);
  return `jsonb_to_recordset($1::jsonb) AS f (n integer, ${columns})
     CROSS JOIN (SELECT $2::timestamptz AS now) AS clock`;
}

/** Returns the condition that `old` and `f` are the same row. */
export function sameKey(table: Table): string {
  return table.key.map(column => `old.${column} = f.${column}`).join(' AND ');
}

function exists(table: Table): string {
  return `old.${table.key[0]} IS NOT NULL`;
}
