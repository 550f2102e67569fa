import pg from 'pg';
import type { Tx } from '../db/client.ts';
import { type FileRow, type FileRows, soundRows } from './file-rows.ts';
import { below, type Problem } from './problems.ts';
import {
  checkStatement,
  differenceStatement,
  upsertStatement,
  vacateStatement,
} from './statements.ts';
import { TABLES, type TableName } from './tables/all.ts';
import type { Complaint, Table } from './tables/table.ts';

/** What an import works with, inside its one transaction. */
export interface Importing {
  client: pg.Client;
  /** The same transaction for the domain's verbs; to be asked for only where there is work for one. */
  prisma: () => Tx;
  now: Date;
  file: FileRows;
  /** What of the file was not taken as it stands, and why. */
  notes: Problem[];
  /** The names of subscriptions and orders that the database did not have. */
  newPools: Set<string>;
  /** Rows of which values stay as they were changed in usher. */
  keptValues: Map<FileRow, KeptValues>;
  /** In a dry run, what would change, row by row. */
  changes?: Problem[];
  /** Told of rows as they are written, or found to be unfit. */
  onDone: (rows: number) => void;
}

/** Values of a file's row that stay as they are, and the note that says so. */
export interface KeptValues {
  columns: string[];
  note: Problem;
}

const BATCH_ROWS = 1000;

/**
 * Writes a table's rows in three rounds, so that their order in the file does not matter: those that will change
 * leave the unique indexes, all are written, all are checked. Rows that will not do become problems of the file.
 */
export async function writeTable(
  importing: Importing,
  name: TableName,
  afterVacating: (rows: FileRow[]) => Promise<void> = async () => undefined,
): Promise<void> {
  const table: Table = TABLES[name];
  if (table.key.join() === 'organization_id,id') await refuseForeignIds(importing, name);
  const rows = soundRows(importing.file, name);
  if (importing.changes !== undefined) {
    for (const difference of await findDifferences(importing, name, rows)) {
      importing.changes.push(describeDifference(difference));
    }
  }
  const vacate = vacateStatement(table);
  if (vacate !== undefined) {
    for (const batch of batchesOf(rows)) await run(importing, vacate, batch);
  }
  await afterVacating(rows);
  const upsert = upsertStatement(table);
  for (const batch of batchesOf(rows)) {
    await writeOrRefuse(importing, table.refusals, upsert, batch);
    importing.onDone(batch.length);
  }
  await check(importing, name);
}

interface Difference {
  row: FileRow;
  isKnown: boolean;
  /** The columns that would change of a row that the table has. */
  changed: string[];
}

/** The rows that are new or differ from the table's. */
export async function findDifferences(
  importing: Importing,
  name: TableName,
  rows: readonly FileRow[],
): Promise<Difference[]> {
  const statement = differenceStatement(TABLES[name]);
  const found: Difference[] = [];
  for (const batch of batchesOf(rows)) {
    for (const { n, ...difference } of await run<Omit<Difference, 'row'> & { n: number }>(
      importing,
      statement,
      batch,
    )) {
      const row = batch[n];
      if (row) found.push({ row, ...difference });
    }
  }
  return found;
}

function describeDifference({ row: { path }, isKnown, changed }: Difference): Problem {
  if (!isKnown) return { path, message: 'new' };
  const keys = changed.filter(column => !OURS.has(column)).map(keyOf);
  return { path, message: `changes ${keys.length > 0 ? keys.join(', ') : 'nothing of its own'}` };
}

// Columns that no key of the file stands for.
const OURS = new Set(['invitation_nonce']);

const KEYS: Readonly<Record<string, string>> = {
  invitation_token_hash: 'invitationToken',
  deleted_at: 'its deletion, which is undone',
};

/** What the file calls a column. */
export function keyOf(column: string): string {
  return KEYS[column] ?? column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The rows in the numbers in which they go to the database. */
export function* batchesOf<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    yield rows.slice(start, start + BATCH_ROWS);
  }
}

/** Runs one of the statements of statements.ts. */
export async function run<Result extends pg.QueryResultRow>(
  { client, now }: Importing,
  statement: string,
  rows: readonly Pick<FileRow, 'columns'>[],
): Promise<Result[]> {
  const json = JSON.stringify(rows.map(({ columns }, n) => ({ n, ...columns })));
  return (await client.query<Result>(statement, [json, now.toISOString()])).rows;
}

/** Reports a problem of a row, which is broken from then on. */
export function complain({ file }: Importing, row: FileRow, { field, message }: Complaint): void {
  file.problems.push({ path: field === '' ? row.path : below(row.path, field), message });
  file.broken.add(row.name);
}

/** Writes the rows; where the database refuses, halves them until it is known which it means. */
export async function writeOrRefuse(
  importing: Importing,
  refusals: Table['refusals'],
  statement: string,
  rows: FileRow[],
): Promise<void> {
  const { client } = importing;
  await client.query('SAVEPOINT batch');
  try {
    await run(importing, statement, rows);
    await client.query('RELEASE SAVEPOINT batch');
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT batch; RELEASE SAVEPOINT batch');
    const [row] = rows;
    if (rows.length === 1 && row !== undefined) {
      complain(importing, row, meaningOf(refusals, error));
      return;
    }
    const middle = Math.ceil(rows.length / 2);
    await writeOrRefuse(importing, refusals, statement, rows.slice(0, middle));
    await writeOrRefuse(importing, refusals, statement, rows.slice(middle));
  }
}

// SQLSTATE classes: data exception, integrity constraint violation, program limit exceeded.
const REFUSALS = ['22', '23', '54'];

function isRefusal(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && REFUSALS.includes(error.code?.slice(0, 2) ?? '');
}

function meaningOf(
  refusals: Table['refusals'],
  { constraint = '', message }: pg.DatabaseError,
): Complaint {
  return refusals[constraint] ?? { field: '', message: `refused by the database: ${message}` };
}

/** Ids are unique beyond the primary keys: callers find a row by its id alone. */
async function refuseForeignIds(importing: Importing, name: TableName): Promise<void> {
  const rows = soundRows(importing.file, name);
  if (rows.length === 0) return;
  const { rows: foreign } = await importing.client.query<{ n: number }>(
    `SELECT f.n::integer - 1 AS n
       FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS f (id, organization_id, n)
      WHERE EXISTS (SELECT FROM ${TABLES[name].name} AS known
                     WHERE known.id = f.id AND known.organization_id <> f.organization_id)
      ORDER BY n`,
    [rows.map(row => row.columns.id), rows.map(row => row.columns.organization_id)],
  );
  for (const { n } of foreign) {
    const row = rows[n];
    if (row) complain(importing, row, { field: 'id', message: 'used in another organization' });
  }
}

async function check(importing: Importing, name: TableName): Promise<void> {
  const table: Table = TABLES[name];
  const statement = checkStatement(table);
  if (statement === undefined) return;
  for (const batch of batchesOf(soundRows(importing.file, name))) {
    for (const { n, failed } of await run<{ n: number; failed: number }>(
      importing,
      statement,
      batch,
    )) {
      const row = batch[n];
      const complaint = table.checks?.[failed];
      if (row && complaint) complain(importing, row, complaint);
    }
  }
}
