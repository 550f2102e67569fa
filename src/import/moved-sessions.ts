import { validRows } from './file-rows.ts';
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
