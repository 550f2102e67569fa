import type { RecordedActor } from '../auth/recorded-actor.ts';
import type { NewsDecision } from '../billing/rules/newest.ts';
import type { Tx } from '../db/client.ts';
import { isDataError, violatedConstraint } from '../db/constraints.ts';
import type { CheckedKeys } from '../db/secret-key-check.ts';
import type { PoolTooSmall } from '../domain/errors.ts';
import { type FileRow, type FileRows, validRows } from './file-rows.ts';
import { below, type Problem } from './problems.ts';
import {
  checkStatement,
  differenceStatement,
  releaseStatement,
  upsertStatement,
} from './statements.ts';
import { keyOf, TABLES, type TableName } from './tables/all.ts';
import type { RowProblem, Table } from './tables/table.ts';

/** The state of an import in its transaction. */
export interface Importing {
  client: SqlClient;
  /** Returns the Prisma client of the same transaction, created on the first call. */
  prisma: () => Tx;
  now: Date;
  /** The actor of the import, for the events and the audit list. */
  by: RecordedActor;
  file: FileRows;
  /** What happens to a pool that would have fewer seats than are pending or claimed. */
  whenTooSmall: WhenTooSmall;
  /** The pools that were reported as too small. */
  tooSmall: PoolTooSmall[];
  /** The decisions about the rows of the billing system. */
  decisions: Map<FileRow, NewsDecision>;
  /** The rows and values that the import does not apply as written, with the reason. */
  notes: Problem[];
  /** The names of subscriptions and orders that are new in the database. */
  newPools: Set<string>;
  /** The rows with values that were changed in usher and stay. */
  keptValues: Map<FileRow, KeptValues>;
  /** The keys that encrypt the secrets of webhook endpoints; undefined if the command has none. */
  sealingKeys?: CheckedKeys | undefined;
  /** Plain secrets by their encrypted forms, for the rows of the file and of the table. */
  plainSecrets: Map<string, string>;
  /** In a dry run, the rows that would be created or changed. */
  changes?: Problem[];
  /** Called with the number of rows that were written or skipped. */
  onDone: (rows: number) => void;
}

/** Returns the initial state of an import. */
export function startImporting(
  given: Pick<
    Importing,
    | 'client'
    | 'prisma'
    | 'now'
    | 'by'
    | 'file'
    | 'whenTooSmall'
    | 'sealingKeys'
    | 'changes'
    | 'onDone'
  >,
): Importing {
  return {
    ...given,
    tooSmall: [],
    decisions: new Map(),
    notes: [],
    newPools: new Set(),
    keptValues: new Map(),
    plainSecrets: new Map(),
  };
}

/** Hand-written SQL in the transaction of an import. */
export interface SqlClient {
  query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** `refuse`: nothing changes. `oversell`: everybody keeps their seat, and the pool assigns none until they fit again. */
export type WhenTooSmall = 'refuse' | 'oversell';

/** Columns of a file's row that keep their values, and the note that says so. */
export interface KeptValues {
  columns: string[];
  note: Problem;
}

/** Larger batches update the counts of a large pool less often. Until the commit, each update makes the pool slower to read. */
const BATCH_ROWS = 5000;

/**
 * Writes the rows of a table in three steps, so that their order in the file does not matter: takes rows that will change
 * out of the unique indexes, writes all rows, and checks all rows. Reports invalid rows as problems of the file.
 */
export async function writeTable(
  importing: Importing,
  name: TableName,
  afterRelease: (rows: FileRow[]) => Promise<void> = async () => undefined,
): Promise<void> {
  const table: Table = TABLES[name];
  if (table.key.join() === 'organization_id,id') await reportForeignIds(importing, name);
  const rows = validRows(importing.file, name);
  if (importing.changes !== undefined) {
    for (const difference of await findDifferences(importing, name, rows)) {
      importing.changes.push(describeDifference(difference));
    }
  }
  const release = releaseStatement(table);
  if (release !== undefined) {
    for (const batch of batchesOf(rows)) await run(importing, release, batch);
  }
  await afterRelease(rows);
  const upsert = upsertStatement(table);
  const isGrowing = await growsMuch(importing, table, rows.length);
  let batches = 0;
  for (const batch of batchesOf(rows)) {
    await writeOrReport(importing, table.violations, upsert, batch);
    importing.onDone(batch.length);
    batches += 1;
    if (isGrowing && Number.isInteger(Math.log2(batches))) {
      await importing.client.query(`ANALYZE ${table.name}`);
    }
  }
  await check(importing, name);
}

/**
 * Returns whether this many rows make the statistics of a table wrong. PostgreSQL would then underestimate the size of an
 * organization, and look up each of its rows in an index that begins with the organization but not with the id.
 */
async function growsMuch({ client }: Importing, { name }: Table, rows: number): Promise<boolean> {
  if (rows <= BATCH_ROWS) return false;
  const { rows: found } = await client.query<{ isFew: boolean }>(
    'SELECT reltuples < $2 AS "isFew" FROM pg_class WHERE oid = $1::regclass',
    [name, rows],
  );
  return found[0]?.isFew ?? false;
}

/** A row of the file that is new or differs from the row of the table. */
export interface Difference {
  row: FileRow;
  isKnown: boolean;
  /** The columns of an existing row that would change. */
  changed: string[];
}

/** Returns the rows that are new or differ from the rows of the table. */
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
  const keys = changed.filter(column => !WITHOUT_KEY.has(column)).map(keyOf);
  return { path, message: `changes ${keys.length > 0 ? keys.join(', ') : 'only derived values'}` };
}

// Columns without a key in the file.
const WITHOUT_KEY = new Set(['assigned_at', 'invitation_nonce']);

/** Yields the rows in batches, one per statement. */
export function* batchesOf<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    yield rows.slice(start, start + BATCH_ROWS);
  }
}

/** Runs one of the statements of statements.ts. */
export async function run<Result extends object>(
  { client, now }: Importing,
  statement: string,
  rows: readonly Pick<FileRow, 'columns'>[],
): Promise<Result[]> {
  const json = JSON.stringify(rows.map(({ columns }, n) => ({ n, ...columns })));
  return (await client.query<Result>(statement, [json, now.toISOString()])).rows;
}

/** Reports a problem of a row, and marks the row as broken. */
export function reportProblem(
  { file }: Importing,
  row: FileRow,
  { field, message, code }: RowProblem,
): void {
  file.problems.push({ path: field === '' ? row.path : below(row.path, field), message, code });
  file.broken.add(row.name);
}

/** Writes the rows. If the database rejects a batch, halves it until each invalid row is found, and reports those rows. */
export async function writeOrReport(
  importing: Importing,
  violations: Table['violations'],
  statement: string,
  rows: FileRow[],
): Promise<void> {
  const { client } = importing;
  await client.query('SAVEPOINT batch');
  try {
    await run(importing, statement, rows);
    await client.query('RELEASE SAVEPOINT batch');
  } catch (error) {
    if (!isDataError(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT batch');
    await client.query('RELEASE SAVEPOINT batch');
    const [row] = rows;
    if (rows.length === 1 && row !== undefined) {
      reportProblem(importing, row, problemFor(violations, error));
      return;
    }
    const middle = Math.ceil(rows.length / 2);
    await writeOrReport(importing, violations, statement, rows.slice(0, middle));
    await writeOrReport(importing, violations, statement, rows.slice(middle));
  }
}

function problemFor(violations: Table['violations'], error: Error): RowProblem {
  const known = violations[violatedConstraint(error) ?? ''];
  return known ?? { field: '', message: `rejected by the database: ${error.message}` };
}

/** Reports ids that another organization uses: callers identify a row only by its id. */
async function reportForeignIds(importing: Importing, name: TableName): Promise<void> {
  const rows = validRows(importing.file, name);
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
    if (row)
      reportProblem(importing, row, {
        field: 'id',
        code: 'TAKEN',
        message: 'used in another organization',
      });
  }
}

async function check(importing: Importing, name: TableName): Promise<void> {
  const table: Table = TABLES[name];
  const statement = checkStatement(table);
  if (statement === undefined) return;
  for (const batch of batchesOf(validRows(importing.file, name))) {
    for (const { n, failed } of await run<{ n: number; failed: number }>(
      importing,
      statement,
      batch,
    )) {
      const row = batch[n];
      const problem = table.checks?.[failed];
      if (row && problem) reportProblem(importing, row, problem);
    }
  }
}
