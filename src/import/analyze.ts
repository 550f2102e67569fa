import pg from 'pg';
import type { ImportCounts } from './import-world.ts';
import { TABLES, type TableName } from './tables/all.ts';

/** Tells PostgreSQL's planner what the filled tables are like by now. It may fail: the rows are there all the same. */
export async function analyzeTables(url: string, counts: ImportCounts): Promise<void> {
  // The keys of that very object.
  const tables = (Object.keys(TABLES) as TableName[]).filter(table => counts[table] > 0);
  if (tables.length === 0) return;
  const client = new pg.Client({ connectionString: url, application_name: 'usher' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`ANALYZE ${[...tables.map(table => TABLES[table].name), 'outbox_events']}`);
  } catch {
    // Autovacuum does it later.
  } finally {
    await client.end().catch(() => undefined);
  }
}
