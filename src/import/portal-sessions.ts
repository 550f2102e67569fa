import { type FileRow, validRows } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { batchesOf, type Importing, run } from './write-rows.ts';

/** Ends the sessions of customers or members whose address the file changes. Call it before their rows are written. */
export async function endMovedSessions(
  importing: Importing,
  table: keyof typeof END,
): Promise<void> {
  for (const batch of batchesOf(validRows(importing.file, table))) {
    await run(importing, END[table], batch);
  }
}

const endOf = (table: 'customers' | 'members', session: 'customer' | 'member') => `
  UPDATE ${session}_sessions AS session SET ended_at = clock.now
    FROM ${fileRows(TABLES[table].columns)} JOIN ${table} AS old ON ${sameKey(TABLES[table])}
   WHERE session.organization_id = old.organization_id AND session.${session}_id = old.id AND session.ended_at IS NULL
     AND lower(old.email) IS DISTINCT FROM lower(f.email)`;

const END = { customers: endOf('customers', 'customer'), members: endOf('members', 'member') };

/**
 * Skips new sessions of members who were removed in usher. Their tokens would be refused. Call it after members are written.
 */
export async function skipSessionsOfRemoved(importing: Importing): Promise<void> {
  const { file, notes, onDone } = importing;
  const skipped = new Set<FileRow>();
  for (const batch of batchesOf(validRows(file, 'memberSessions'))) {
    for (const { n } of await run<{ n: number }>(importing, NEW_SESSIONS_OF_REMOVED, batch)) {
      const row = batch[n];
      if (row === undefined) continue;
      skipped.add(row);
      notes.push({ path: row.path, message: 'is skipped: its member was removed in usher' });
    }
  }
  file.rows.memberSessions = file.rows.memberSessions.filter(row => !skipped.has(row));
  if (skipped.size > 0) onDone(skipped.size);
}

const NEW_SESSIONS_OF_REMOVED = `
  SELECT f.n FROM ${fileRows(TABLES.memberSessions.columns)}
    JOIN members AS m ON m.organization_id = f.organization_id AND m.id = f.member_id AND m.deleted_at IS NOT NULL
   WHERE NOT EXISTS (SELECT FROM member_sessions AS known WHERE known.token_hash = f.token_hash)
   ORDER BY f.n`;
