import pg from 'pg';
import { makeRoom, settlePools } from './capacity.ts';
import { ImportError } from './problems.ts';
import { readWorld } from './read-world.ts';
import { TABLES, type TableName } from './tables/all.ts';
import { type Importing, writeTable } from './write-rows.ts';

export { ImportError } from './problems.ts';

/** How many rows of each kind the file held. */
export type ImportCounts = Record<TableName, number>;

export interface ImportOptions {
  /** Told every thousand rows how many of how many are done. */
  onProgress?: (done: number, total: number) => void;
  /** The clock; what is new or changed bears the time at which the import began. */
  now?: () => Date;
  /** Stops the import, which leaves nothing of itself; from when it is being committed, it is too late. */
  signal?: AbortSignal;
}

/** Two imports at a time would wait for each other's rows, and might for ever. */
const ONE_AT_A_TIME = 72_707_370;

const DEADLOCK = '40P01';
const ATTEMPTS = 3;

/**
 * Brings a parsed import file into the database, by id: rows that are new are made, rows that differ are changed,
 * no other is touched. A key that the file leaves out gets its default, also where the row had another value, but for
 * what the file cannot know: when the row was made, whether its token was revoked, the invitation of a seat that still waits
 * for the same person. Rows that the file does not have stay. All of it happens in one transaction, or nothing.
 *
 * After a deadlock with a running server it is begun again, twice at the most.
 *
 * Throws ImportError, which names every bad row; the signal's reason; or the driver's error.
 */
export async function importWorld(
  url: string,
  document: unknown,
  options: ImportOptions = {},
): Promise<ImportCounts> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await importOnce(url, document, options);
    } catch (error) {
      // A verb of a running server wanted the same rows in another order; all of this was undone.
      const isDeadlock = error instanceof pg.DatabaseError && error.code === DEADLOCK;
      if (attempt === ATTEMPTS || !isDeadlock) throw error;
    }
  }
}

async function importOnce(
  url: string,
  document: unknown,
  options: ImportOptions,
): Promise<ImportCounts> {
  const { signal, onProgress = () => undefined, now = () => new Date() } = options;
  const file = readWorld(document);
  const counts = countRows(file.rows);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (total === 0 && file.problems.length > 0) throw new ImportError(file.problems);
  const client = new pg.Client({
    connectionString: url,
    application_name: 'usher',
    options: '-c TimeZone=UTC',
    keepAlive: true,
  });
  // A connection that breaks fails the statement that needs it.
  client.on('error', () => undefined);
  const stop = () => void client.end();
  signal?.throwIfAborted();
  signal?.addEventListener('abort', stop);
  try {
    await client.connect();
    signal?.throwIfAborted();
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [ONE_AT_A_TIME]);
    let done = 0;
    await writeWorld({
      client,
      file,
      now: now(),
      onDone(rows) {
        done += rows;
        onProgress(done, total);
      },
    });
    if (file.problems.length > 0) throw new ImportError(file.problems);
    signal?.throwIfAborted();
    signal?.removeEventListener('abort', stop);
    await client.query('COMMIT');
    return counts;
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    // What was not committed is rolled back with the connection.
    await client.end();
  }
}

async function writeWorld(importing: Importing): Promise<void> {
  // The keys of that very object.
  for (const table of Object.keys(TABLES) as TableName[]) {
    await writeTable(
      importing,
      table,
      table === 'seats' ? seats => makeRoom(importing, seats) : undefined,
    );
  }
  await settlePools(importing);
}

function countRows(rows: Importing['file']['rows']): ImportCounts {
  const counts = Object.entries(rows).map(([table, { length }]) => [table, length]);
  // The keys are those of the rows.
  return Object.fromEntries(counts) as ImportCounts;
}
