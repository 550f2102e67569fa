import { decideNews, type KnownRow, type News, TOLD } from '../billing/rules/newest.ts';
import { type FileRow, validRows } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { batchesOf, type Importing, run } from './write-rows.ts';

/** The tables that the billing system reports. */
const BILLING_TABLES = ['products', 'customers', 'subscriptions', 'orders'] as const;

type BillingTable = (typeof BILLING_TABLES)[number];

/**
 * Serializes everything that reports an organization's sales, so that of two concurrent reports the later one sees what the
 * other one wrote. The lock lasts until the transaction ends.
 */
export async function lockNews({ client, file }: Importing): Promise<void> {
  const told = BILLING_TABLES.flatMap(table => file.rows[table]);
  const organizations = new Set(told.map(({ columns }) => String(columns.organization_id)));
  for (const id of [...organizations].toSorted()) {
    await client.query(`SELECT pg_advisory_xact_lock($1::integer, hashtext($2))::text`, [
      NEWS_LOCK,
      id,
    ]);
  }
}

const NEWS_LOCK = 72_707_371;

/**
 * Decides the outcome of the rows of the billing system. Replaces values that are older than the known ones, and values that
 * a row leaves out, with the known values. Adds a note for each row with a time that is passed over.
 */
export async function keepNewest(importing: Importing): Promise<void> {
  for (const table of BILLING_TABLES) {
    for (const batch of batchesOf(validRows(importing.file, table))) {
      const found = await run<Found>(importing, KNOWN[table], batch);
      const known = new Map(found.map(({ n, ...row }) => [n, row]));
      for (const [n, row] of batch.entries()) decide(importing, table, row, known.get(n) ?? null);
    }
  }
}

function decide(
  { decisions, notes }: Importing,
  table: BillingTable,
  row: FileRow,
  known: KnownRow | null,
): void {
  const decided = decideNews(table, known, newsOf(table, row, known !== null));
  const { asOfByColumn } = row;
  const decision =
    known === null && asOfByColumn !== undefined ? { ...decided, asOfByColumn } : decided;
  decisions.set(row, decision);
  Object.assign(row.columns, decision.values);
  if (row.asOf === undefined || decision.outcome !== 'stale') return;
  if ('created_at' in row.columns) row.columns.created_at = null;
  const message = `is passed over: usher knows it as of ${decision.asOf}`;
  notes.push({ path: row.path, message });
}

function newsOf(
  table: BillingTable,
  { columns, asOf, asOfByColumn = {}, leftOut = [] }: FileRow,
  isKnown: boolean,
): News {
  const told = TOLD[table].filter(
    column => !leftOut.includes(column) && !(isKnown && column in asOfByColumn),
  );
  return {
    values: Object.fromEntries(told.map(column => [column, columns[column]])),
    asOf: asOf?.toISOString() ?? null,
  };
}

/** Stores the times of the values from the billing system. Call it after the rows are written. */
export async function storeTimes(importing: Importing): Promise<void> {
  for (const table of BILLING_TABLES) {
    const rows = validRows(importing.file, table).flatMap(row => {
      const decision = importing.decisions.get(row);
      if (decision === undefined || decision.outcome === 'stale') return [];
      if (decision.outcome === 'new' && decision.asOf === null) return [];
      const { organization_id, id } = row.columns;
      const { asOf: as_of, asOfByColumn } = decision;
      const as_of_by_column = Object.keys(asOfByColumn).length > 0 ? asOfByColumn : null;
      return [{ columns: { organization_id, id, as_of, as_of_by_column } }];
    });
    for (const batch of batchesOf(rows)) await run(importing, STORE[table], batch);
  }
}

interface Found extends KnownRow {
  n: number;
}

function forEachTable(statement: (table: BillingTable) => string): Record<BillingTable, string> {
  return {
    products: statement('products'),
    customers: statement('customers'),
    subscriptions: statement('subscriptions'),
    orders: statement('orders'),
  };
}

const valuesOf = (table: BillingTable) =>
  TOLD[table].map(column => `'${column}', old.${column}`).join(', ');

const KNOWN = forEachTable(
  table => `
  SELECT f.n, jsonb_build_object(${valuesOf(table)}) AS values,
         to_char(old.as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "asOf",
         coalesce(old.as_of_by_column, '{}') AS "asOfByColumn"
    FROM ${fileRows({ organization_id: 'uuid', id: 'uuid' })}
    JOIN ${TABLES[table].name} AS old ON ${sameKey(TABLES[table])}`,
);

const TIMES = {
  organization_id: 'uuid',
  id: 'uuid',
  as_of: 'timestamptz',
  as_of_by_column: 'jsonb',
};

const STORE = forEachTable(
  table => `
  UPDATE ${TABLES[table].name} AS old SET as_of = f.as_of, as_of_by_column = f.as_of_by_column
    FROM ${fileRows(TIMES)}
   WHERE ${sameKey(TABLES[table])}
     AND (old.as_of, old.as_of_by_column) IS DISTINCT FROM (f.as_of, f.as_of_by_column)`,
);
