import type { Table } from './tables/table.ts';

// Every statement takes the rows as a JSON array in $1, each with its place there as `n`, and the time in $2.

/** Inserts the rows that are new, updates those that differ, and touches no other. */
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

/** Finds the rows that the upsert would write: each `n`, whether the table has it, and the columns that would change. */
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

/** Takes the rows that will change out of the unique indexes; undefined where nothing can be in the way. */
export function vacateStatement(table: Table): string | undefined {
  if (table.vacate === undefined) return undefined;
  return `
    UPDATE ${table.name} AS old SET ${table.vacate.set}
      FROM ${fileRows(table.columns)} ${table.joins ?? ''}
     WHERE ${sameKey(table)} AND (${table.vacate.when})`;
}

/** Finds each row `n` that fails a check, and which one; undefined where there is none to fail. */
export function checkStatement(table: Table): string | undefined {
  if (table.checks === undefined) return undefined;
  const cases = table.checks.map(({ when }, index) => `WHEN ${when} THEN ${index}`);
  return `
    SELECT * FROM (
      SELECT f.n, CASE ${cases.join(' ')} END AS failed
        FROM ${fileRows(table.columns)} JOIN ${table.name} AS old ON ${sameKey(table)} ${table.joins ?? ''}
    ) AS checked WHERE failed IS NOT NULL ORDER BY n`;
}

/** The rows in $1 as `f`, and the time as `clock.now`: what a FROM begins with. */
export function fileRows(types: Table['columns']): string {
  const columns = Object.entries(types).map(([column, type]) => `${column} ${type}`);
  return `jsonb_to_recordset($1::jsonb) AS f (n integer, ${columns})
     CROSS JOIN (SELECT $2::timestamptz AS now) AS clock`;
}

/** That `old` and `f` are the same row. */
export function sameKey(table: Table): string {
  return table.key.map(column => `old.${column} = f.${column}`).join(' AND ');
}

function exists(table: Table): string {
  return `old.${table.key[0]} IS NOT NULL`;
}
