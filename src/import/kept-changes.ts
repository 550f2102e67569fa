import { createHash } from 'node:crypto';
import { type FileRow, soundRows } from './file-rows.ts';
import { fileRows } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { batchesOf, findDifferences, type Importing, keyOf, run } from './write-rows.ts';

/** Tables whose rows people change in usher, besides the seats: those have rules of their own, in seat-rules.ts. */
export type KeptTable = keyof typeof ID;

/**
 * Leaves rows out that would undo what was done in usher since the last import: all that were removed, and those that were
 * changed while the file says no more than the last file did. Where the file has news of a row that was changed, the file
 * wins. A note tells of each.
 */
export async function keepChanges(
  importing: Importing,
  table: KeptTable,
  rows: readonly FileRow[] = soundRows(importing.file, table),
): Promise<void> {
  const { file, notes } = importing;
  const kept = new Set<FileRow>();
  const differences = await findDifferences(importing, table, rows);
  for (const batch of batchesOf(differences)) {
    const marks = await findMarks(importing, table, batch);
    for (const [n, { row, isKnown, changed }] of batch.entries()) {
      const mark = marks.get(n);
      const isRemoved = isKnown ? changed.includes('deleted_at') : mark !== undefined;
      const keys = changed.map(keyOf).join(', ');
      if (isRemoved) {
        kept.add(row);
        notes.push({ path: row.path, message: STAYS_REMOVED[table] });
      } else if (mark?.isRepeated) {
        kept.add(row);
        notes.push({ path: row.path, message: `keeps what was changed here since: ${keys}` });
      } else if (mark?.isChanged) {
        const message = `replaces what was changed here since: ${keys}`;
        notes.push({ path: row.path, message });
      }
    }
  }
  if (kept.size === 0) return;
  file.rows[table] = file.rows[table].filter(row => !kept.has(row));
  importing.onDone(kept.size);
}

/** Keeps what the file says of the rows that were written, for the next file. */
export async function markRows(importing: Importing, table: KeptTable): Promise<void> {
  for (const batch of batchesOf(soundRows(importing.file, table))) {
    await run(importing, WRITE_MARKS[table], marksOf(table, batch));
  }
}

interface Mark {
  n: number;
  /** Whether the file says what the last one said. */
  isRepeated: boolean;
  /** Whether the row was changed since. */
  isChanged: boolean;
}

async function findMarks(
  importing: Importing,
  table: KeptTable,
  rows: readonly { row: FileRow }[],
): Promise<Map<number, Mark>> {
  const found = marksOf(
    table,
    rows.map(({ row }) => row),
  );
  const marks = await run<Mark>(importing, FIND_MARKS[table], found);
  return new Map(marks.map(mark => [mark.n, mark]));
}

function marksOf(table: KeptTable, rows: readonly FileRow[]): Pick<FileRow, 'columns'>[] {
  return rows.map(({ columns }) => {
    const { organization_id, [ID[table]]: id, ...content } = columns;
    const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
    return { columns: { organization_id, id, content: `\\x${hash}` } };
  });
}

const ID = { members: 'id', webhookEndpoints: 'id', memberships: 'user_id' } as const;

const STAYS_REMOVED: Record<KeptTable, string> = {
  members: 'stays removed, as it was here since; give the person a new id to make them a member',
  webhookEndpoints: 'stays deleted, as it was here since; give it a new id to create it again',
  memberships:
    'stays ended, as it was here since; to begin it again, import a file without it, then one with it',
};

const MARK = { organization_id: 'uuid', id: 'uuid', content: 'bytea' };

// Memberships have no time at which they were changed: they begin and end.
const modifiedAt = (table: KeptTable) =>
  TABLES[table].hasModifiedAt ? 'old.modified_at' : 'NULL::timestamptz';

const withOld = (table: KeptTable, join: 'JOIN' | 'LEFT JOIN') => `
    FROM ${fileRows(MARK)}
    ${join} ${TABLES[table].name} AS old ON old.organization_id = f.organization_id AND old.${ID[table]} = f.id`;

function forEachTable(statementOf: (table: KeptTable) => string): Record<KeptTable, string> {
  return {
    members: statementOf('members'),
    webhookEndpoints: statementOf('webhookEndpoints'),
    memberships: statementOf('memberships'),
  };
}

const FIND_MARKS = forEachTable(
  table => `
  SELECT f.n, i.content = f.content AS "isRepeated",
         ${modifiedAt(table)} IS DISTINCT FROM i.modified_at AS "isChanged"
    ${withOld(table, 'LEFT JOIN')}
    JOIN imported_rows AS i ON i.organization_id = f.organization_id AND i.kind = '${table}' AND i.id = f.id`,
);

const WRITE_MARKS = forEachTable(
  table => `
  INSERT INTO imported_rows AS i (organization_id, kind, id, content, modified_at)
  SELECT f.organization_id, '${table}', f.id, f.content, ${modifiedAt(table)}
    ${withOld(table, 'JOIN')}
  ON CONFLICT (organization_id, kind, id) DO UPDATE SET content = excluded.content, modified_at = excluded.modified_at
   WHERE (i.content, i.modified_at) IS DISTINCT FROM (excluded.content, excluded.modified_at)`,
);
