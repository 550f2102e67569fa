import pg from 'pg';
import type { ImportCounts } from './import-file.ts';
import { TABLES, type TableName } from './tables/all.ts';

/** Runs ANALYZE on the tables that the import filled. Ignores errors: the rows are committed already. */
export async function analyzeTables(url: string, counts: ImportCounts): Promise<void> {
  // `Object.keys` returns the keys of TABLES, typed as string[].
  const tables = (Object.keys(TABLES) as TableName[]).filter(table => counts[table] > 0);
  if (tables.length === 0) return;
  const client = new pg.Client({ connectionString: url, application_name: 'usher' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(
      `ANALYZE ${[...tables.map(table => TABLES[table].name), 'outbox_events'].map(name => `public.${name}`)}`,
    );
  } catch {
    // Autovacuum analyzes the tables later.
  } finally {
    await client.end().catch(() => undefined);
  }
}
