import { SessionClient } from '../db/session.ts';
import type { Sql } from '../db/sql.ts';

/** The advisory lock of the programs that look for restored events. */
const LOCK = 727_073_020;

const TABLES = ['outbox_events', 'archived_events'] as const;

/** Runs a query, and returns its rows. */
type Rows = <Row extends object>(text: string) => Promise<Row[]>;

/**
 * Returns whether there are events of transactions that this server has not had yet. They come from a dump of another
 * server, and new events would be listed before them. Reads one row of each organization.
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
 * Puts events of another server before all that this server has yet to record, in the order of their sequence. Does
 * nothing in a database without such events. Until it is done, other programs that start wait.
 */
export async function mendRestoredEvents(
  url: string,
  sql: Sql,
  log: (message: string) => void,
): Promise<void> {
  const rows: Rows = text => sql.rows({ name: '', text }, []);
  if (!(await hasRestoredEvents(rows))) return;
  log('The events are from another server: putting them before new ones');
  // A large archive takes longer than a request may.
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
