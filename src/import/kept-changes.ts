import { createHash } from 'node:crypto';
import { type FileRow, rowName, validRows } from './file-rows.ts';
import { fileRows } from './statements.ts';
import { keyOf, TABLES } from './tables/all.ts';
import type { Table } from './tables/table.ts';
import { batchesOf, findDifferences, type Importing, type KeptValues, run } from './write-rows.ts';

/** The tables whose rows people change in usher. Seats have their own rules in seat-rules.ts. */
export type KeptTable = keyof typeof ID;

/**
 * Keeps the changes that were made in usher since the last import. A removed row stays removed. A changed value stays if
 * the file repeats the value of the last file; a new value in the file takes precedence. Adds a note for each.
 */
export async function keepChanges(importing: Importing, table: KeptTable): Promise<void> {
  const { file, notes } = importing;
  const hash = hashesOf(importing);
  const removed = new Set<FileRow>();
  const differences = await findDifferences(importing, table, validRows(file, table));
  for (const batch of batchesOf(differences)) {
    const marks = await findMarks(
      importing,
      table,
      batch.map(({ row }) => row),
    );
    for (const [n, { row, isKnown, changed }] of batch.entries()) {
      const mark = marks.get(n);
      const { content = null, current = {} } = mark ?? {};
      if (isKnown ? changed.includes('deleted_at') : content !== null) {
        removed.add(row);
        notes.push({ path: row.path, message: STAYS_REMOVED[table] });
        continue;
      }
      if (!isKnown) continue;
      if (content === null) {
        const message = `replaces values in usher: ${changed.map(keyOf).join(', ')}`;
        notes.push({ path: row.path, message });
        continue;
      }
      const changedInUsher = changed.filter(
        column => content[nameOf(column)] !== hash(column, current[column]),
      );
      const isRepeated = (column: string) =>
        content[nameOf(column)] === hash(column, row.columns[column]);
      const kept = changedInUsher.filter(isRepeated);
      const replaced = changedInUsher.filter(column => !isRepeated(column));
      for (const column of kept) row.columns[column] = current[column];
      if (kept.length > 0) importing.keptValues.set(row, noteKept(importing, row, kept));
      if (replaced.length > 0) {
        const message = `replaces values changed in usher since the last import: ${replaced.map(keyOf).join(', ')}`;
        notes.push({ path: row.path, message });
      }
    }
  }
  if (removed.size === 0) return;
  file.rows[table] = file.rows[table].filter(row => !removed.has(row));
  importing.onDone(removed.size);
}

function noteKept(importing: Importing, row: FileRow, columns: string[]): KeptValues {
  const note = { path: row.path, message: keptMessage(columns) };
  importing.notes.push(note);
  return { columns, note };
}

const keptMessage = (columns: readonly string[]) =>
  `keeps values changed in usher since the last import: ${columns.map(keyOf).join(', ')}`;

/**
 * Stops keeping a value that `keepChanges` kept, because another row of the file replaces it. Returns whether it was kept.
 */
export function giveUpKept(
  { keptValues, notes }: Importing,
  row: FileRow,
  column: string,
): boolean {
  const kept = keptValues.get(row);
  if (!kept?.columns.includes(column)) return false;
  const columns = kept.columns.filter(other => other !== column);
  if (columns.length > 0) {
    const note = { ...kept.note, message: keptMessage(columns) };
    notes[notes.indexOf(kept.note)] = note;
    keptValues.set(row, { columns, note });
  } else {
    notes.splice(notes.indexOf(kept.note), 1);
    keptValues.delete(row);
  }
  return true;
}

/** Stores hashes of the file's values for the written rows, for the next import. */
export async function markRows(importing: Importing, table: KeptTable): Promise<void> {
  // A kept value keeps the hash of the last file.
  const rows = validRows(importing.file, table);
  for (const batch of batchesOf(rows)) {
    const marks = batch.map(row => markOf(importing, table, row));
    await run(importing, WRITE_MARKS[table], marks);
  }
}

/** Stores the hash of a value that the import wrote to a column although the file has another value. */
export async function markValue(
  importing: Importing,
  table: KeptTable,
  rows: readonly Pick<FileRow, 'columns'>[],
  column: string,
  value: unknown,
): Promise<void> {
  const content = { [column]: hashOf(column, value) };
  const marks = rows.map(({ columns: { organization_id, id } }) => ({
    columns: { organization_id, id, content },
  }));
  await run(importing, CHANGE_MARKS[table], marks);
}

interface Mark {
  n: number;
  /** The hash of each value in the last file; null if no file had the row. */
  content: Record<string, string> | null;
  /** The current values of the row. */
  current: Record<string, unknown>;
}

async function findMarks(
  importing: Importing,
  table: KeptTable,
  rows: readonly FileRow[],
): Promise<Map<number, Mark>> {
  const found = rows.map(row => markOf(importing, table, row));
  const marks = await run<Mark>(importing, FIND_MARKS[table], found);
  return new Map(marks.map(mark => [mark.n, mark]));
}

/** Returns the mark of a row, without the hashes of kept values. */
function markOf(importing: Importing, table: KeptTable, row: FileRow): Pick<FileRow, 'columns'> {
  const { columns } = row;
  const kept = importing.keptValues.get(row)?.columns ?? [];
  const hash = hashesOf(importing);
  const { organization_id, [ID[table]]: id, ...values } = columns;
  const hashes = Object.entries(values)
    .filter(([column]) => !kept.includes(column) && !isOnce(table, column))
    .map(([column, value]) => [nameOf(column), hash(column, value)]);
  return { columns: { organization_id, id, content: Object.fromEntries(hashes) } };
}

/** Returns whether only the import that creates a row writes the column. */
function isOnce(table: KeptTable, column: string): boolean {
  const { once = {} }: Table = TABLES[table];
  return column in once;
}

/** Returns `hashOf`, but hashes secrets as plain text: each encryption of a secret is different. */
function hashesOf({ plainSecrets }: Importing): (column: string, value: unknown) => string {
  return (column, value) => {
    const plain = column === 'sealed_secret' ? plainSecrets.get(String(value)) : undefined;
    return hashOf(column, plain ?? value);
  };
}

/** Returns the name of a column's hash in a mark. */
function nameOf(column: string): string {
  return column === 'sealed_secret' ? 'secret' : column;
}

/** Returns the hash of a value. Ignores the case of an address and the order of a list. */
function hashOf(column: string, value: unknown): string {
  const compared =
    column === 'email' && typeof value === 'string'
      ? value.toLowerCase()
      : Array.isArray(value)
        ? value.toSorted()
        : (value ?? null);
  return createHash('sha256').update(JSON.stringify(compared)).digest('base64url').slice(0, 22);
}

/** Returns whether the file has a row with this id, even if the row is not written. */
export function isInFile({ file }: Importing, table: 'customers' | 'members', id: string): boolean {
  return file.paths.has(rowName(table, id));
}

const ID = { members: 'id', webhookEndpoints: 'id', memberships: 'user_id' } as const;

const STAYS_REMOVED: Record<KeptTable, string> = {
  members:
    'stays removed: it was removed in usher since the last import. To make the person a member, use a new id',
  webhookEndpoints:
    'stays deleted: it was deleted in usher since the last import. To create it again, use a new id',
  memberships:
    'stays ended: it was ended in usher since the last import. To restart it, import a file without it and then one with it',
};

const MARK = { organization_id: 'uuid', id: 'uuid', content: 'jsonb' };

function forEachTable(statementOf: (table: KeptTable) => string): Record<KeptTable, string> {
  return {
    members: statementOf('members'),
    webhookEndpoints: statementOf('webhookEndpoints'),
    memberships: statementOf('memberships'),
  };
}

const sameMark = (table: KeptTable) =>
  `i.organization_id = f.organization_id AND i.kind = '${table}' AND i.id = f.id`;

const FIND_MARKS = forEachTable(
  table => `
  SELECT f.n, i.content, to_jsonb(old) AS current
    FROM ${fileRows(MARK)}
    LEFT JOIN ${TABLES[table].name} AS old ON old.organization_id = f.organization_id AND old.${ID[table]} = f.id
    LEFT JOIN imported_rows AS i ON ${sameMark(table)}`,
);

const WRITE_MARKS = forEachTable(
  table => `
  INSERT INTO imported_rows AS i (organization_id, kind, id, content)
  SELECT f.organization_id, '${table}', f.id, f.content FROM ${fileRows(MARK)}
  ON CONFLICT (organization_id, kind, id) DO UPDATE SET content = i.content || excluded.content
   WHERE NOT i.content @> excluded.content`,
);

const CHANGE_MARKS = forEachTable(
  table => `
  UPDATE imported_rows AS i SET content = i.content || f.content
    FROM ${fileRows(MARK)} WHERE ${sameMark(table)}`,
);
