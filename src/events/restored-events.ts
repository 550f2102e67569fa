import { SessionClient } from '../db/session.ts';
import type { Sql } from '../db/sql.ts';

/** The advisory lock for mending restored events. */
const LOCK = 727_073_020;

const TABLES = ['outbox_events', 'archived_events'] as const;

/** Runs a query, and returns its rows. */
type Rows = <Row extends object>(text: string) => Promise<Row[]>;

/**
 * Returns whether there are events with transaction ids that this server has not reached yet. They come from a dump of
 * another server, and new events would be listed before them. Reads one row per organization.
 */
export async function hasRestoredEvents(rows: Rows): Promise<boolean> {
  const found = await rows<{ found: boolean }>(`SELECT ${RESTORED} AS found`);
  return found[0]?.found === true;
}

const RESTORED = `EXISTS (
  SELECT FROM organizations AS o
   CROSS JOIN LATERAL (
     SELECT greatest(${TABLES.map(
       table => `(SELECT transaction_id FROM ${table} AS e WHERE e.organization_id = o.id
                   ORDER BY transaction_id DESC, sequence DESC LIMIT 1)`,
     ).join(', ')}) AS newest) AS events
   WHERE newest >= pg_snapshot_xmax(pg_current_snapshot()))`;

/**
 * Moves events from another server before all future events of this server, in the order of their sequence. Does nothing in
 * a database without such events. Other programs wait at startup until it is done.
 */
export async function mendRestoredEvents(
  url: string,
  sql: Sql,
  log: (message: string) => void,
): Promise<void> {
  const rows: Rows = text => sql.rows({ name: '', text }, []);
  if (!(await hasRestoredEvents(rows))) return;
  log('The events are from another server: putting them before new ones');
  // A large archive takes longer than the time limit of the pool's statements.
  const client = new SessionClient({ connectionString: url, application_name: 'usher' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.useSettings({ search_path: 'public' });
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    if (await hasRestoredEvents(async text => (await client.query(text)).rows)) {
      for (const table of TABLES) {
        await client.query(`UPDATE ${table} SET transaction_id = '1' WHERE transaction_id <> '1'`);
      }
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
