import { createHash } from 'node:crypto';
import { type FileRow, nameOf, soundRows } from './file-rows.ts';
import { fileRows } from './statements.ts';
import { TABLES } from './tables/all.ts';
import {
  batchesOf,
  findDifferences,
  type Importing,
  type KeptValues,
  keyOf,
  run,
} from './write-rows.ts';

/** Tables whose rows people change in usher, besides the seats: those have rules of their own, in seat-rules.ts. */
export type KeptTable = keyof typeof ID;

/**
 * Keeps what was done in usher since the last import. A row that was removed stays removed. Of a row that was changed, each
 * value stays that the file says as the last file did; a value that is new in the file wins. A note tells of each.
 */
export async function keepChanges(importing: Importing, table: KeptTable): Promise<void> {
  const { file, notes } = importing;
  const removed = new Set<FileRow>();
  const differences = await findDifferences(importing, table, soundRows(file, table));
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
        const message = `replaces what usher has: ${changed.map(keyOf).join(', ')}`;
        notes.push({ path: row.path, message });
        continue;
      }
      const changedHere = changed.filter(
        column => content[column] !== hashOf(column, current[column]),
      );
      const isRepeated = (column: string) =>
        content[column] === hashOf(column, row.columns[column]);
      const kept = changedHere.filter(isRepeated);
      const replaced = changedHere.filter(column => !isRepeated(column));
      for (const column of kept) row.columns[column] = current[column];
      if (kept.length > 0) importing.keptValues.set(row, noteKept(importing, row, kept));
      if (replaced.length > 0) {
        const message = `replaces what was changed here since: ${replaced.map(keyOf).join(', ')}`;
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
  `keeps what was changed here since: ${columns.map(keyOf).join(', ')}`;

/** Lets a row lose a value that `keepChanges` kept: something else in the file needs it to. */
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

/** Remembers what the file says of the rows that were written, for the next file. */
export async function markRows(importing: Importing, table: KeptTable): Promise<void> {
  // What stays as it was changed is not what the file says.
  const rows = soundRows(importing.file, table);
  for (const batch of batchesOf(rows)) {
    const marks = batch.map(row => markOf(table, row, importing.keptValues.get(row)?.columns));
    await run(importing, WRITE_MARKS[table], marks);
  }
}

/** Remembers another value of a column of rows than the file said: the import itself has written it. */
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
  /** A hash of each value that the last file had; null where no file had the row. */
  content: Record<string, string> | null;
  /** The values of the row as it is. */
  current: Record<string, unknown>;
}

async function findMarks(
  importing: Importing,
  table: KeptTable,
  rows: readonly FileRow[],
): Promise<Map<number, Mark>> {
  const found = rows.map(row => markOf(table, row));
  const marks = await run<Mark>(importing, FIND_MARKS[table], found);
  return new Map(marks.map(mark => [mark.n, mark]));
}

/** The mark of a row; values that were kept keep their hashes. */
function markOf(
  table: KeptTable,
  { columns }: FileRow,
  kept: readonly string[] = [],
): Pick<FileRow, 'columns'> {
  const { organization_id, [ID[table]]: id, ...values } = columns;
  const hashes = Object.entries(values)
    .filter(([column]) => !kept.includes(column))
    .map(([column, value]) => [column, hashOf(column, value)]);
  return { columns: { organization_id, id, content: Object.fromEntries(hashes) } };
}

/** A value as it is compared: an address without its case, a set of events without its order. */
function hashOf(column: string, value: unknown): string {
  const compared =
    column === 'email' && typeof value === 'string'
      ? value.toLowerCase()
      : Array.isArray(value)
        ? value.toSorted()
        : (value ?? null);
  return createHash('sha256').update(JSON.stringify(compared)).digest('base64url').slice(0, 22);
}

/** Whether the file names the row with this id, also where it is left out of what is written. */
export function isInFile({ file }: Importing, table: 'customers' | 'members', id: string): boolean {
  return file.paths.has(nameOf(table, id));
}

const ID = { members: 'id', webhookEndpoints: 'id', memberships: 'user_id' } as const;

const STAYS_REMOVED: Record<KeptTable, string> = {
  members: 'stays removed, as it was here since; give the person a new id to make them a member',
  webhookEndpoints: 'stays deleted, as it was here since; give it a new id to create it again',
  memberships:
    'stays ended, as it was here since; to begin it again, import a file without it, then one with it',
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
