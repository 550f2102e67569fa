import type pg from 'pg';
import { recordSystem } from '../auth/recorded-actor.ts';
import { isConnectionLost, isDeadlock } from '../db/constraints.ts';
import type { CheckedKeys } from '../db/secret-key-check.ts';
import { beginSharedTransaction, type SharedTransaction } from '../db/shared-transaction.ts';
import { TOKEN_CHANNEL } from '../events/token-changes.ts';
import { ImportError, type Problem } from './problems.ts';
import { readImportFile } from './read-import-file.ts';
import type { TableName } from './tables/all.ts';
import { type Importing, type SqlClient, startImporting, type WhenTooSmall } from './write-rows.ts';
import { writeTables } from './write-tables.ts';

export { ImportError } from './problems.ts';

/** The number of rows of each kind in the file. */
export interface ImportCounts extends Record<TableName, number> {
  /** The number of seats that were revoked because their pool ended; absent if zero. */
  revokedSeats?: number;
  /** The rows and values that the import did not apply as written, with the reason; absent if there are none. */
  notes?: readonly Problem[];
  /** The rows that a dry run would create or change. */
  changes?: readonly Problem[];
}

export interface ImportOptions {
  /** Called after every batch of rows with the number of rows done and their total. */
  onProgress?: (done: number, total: number) => void;
  /** The clock; the database's by default. New and changed rows get the time at which the import began. */
  now?: () => Date;
  /** Stops the import and rolls it back. Has no effect once the commit has begun. */
  signal?: AbortSignal;
  /** Reports what would change, and rolls the import back. */
  isDryRun?: boolean;
  /** The keys that encrypt the secrets of webhook endpoints. A file with endpoints is refused without them. */
  keys?: CheckedKeys | undefined;
  /** What happens to a pool that would have fewer seats than are pending or claimed. By default, the file is refused. */
  whenTooSmall?: WhenTooSmall;
}

/** Error for a connection that broke before COMMIT was answered. The import is either done or undone. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
}

/** Advisory lock that serializes imports: concurrent imports could deadlock on their rows. */
const IMPORT_LOCK = 72_707_370;

const ATTEMPTS = 3;

/**
 * Imports a parsed import file in one transaction. Matches rows by id: creates new rows, updates rows that differ, and
 * touches no other row. A missing key gets its default, even if the row had another value, except for values that the file
 * cannot know: the creation time, whether a token is revoked, and the invitation of a seat that is still pending for the
 * same person. Rows that are missing from the file stay.
 *
 * If the file ends a subscription (`canceled`, `unpaid`, `incomplete_expired`) or an order (`refunded`, `void`), the
 * import revokes its live seats and records an event for each. No later file restores them while the pool is ended.
 * If the file changes the address of a member, the member's live seats get the new address. If the file changes the
 * address of a member or a customer, their sessions end, including those that the file lists.
 *
 * Retries twice after a deadlock with a running server.
 *
 * Throws OtherSecretKey, if the file has webhook endpoints; ImportError, which lists every invalid row; the signal's reason;
 * UnknownOutcome; or the driver's error.
 */
export async function importFile(
  url: string,
  document: unknown,
  options: ImportOptions = {},
): Promise<ImportCounts> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await importOnce(url, document, options);
    } catch (error) {
      // A running server locked the same rows in another order. PostgreSQL rolled the import back.
      if (attempt === ATTEMPTS || !isDeadlock(error)) throw error;
    }
  }
}

async function importOnce(
  url: string,
  document: unknown,
  options: ImportOptions,
): Promise<ImportCounts> {
  const { signal, onProgress = () => undefined, isDryRun } = options;
  const { whenTooSmall = 'refuse' } = options;
  const file = readImportFile(document);
  const counts = countRows(file.rows);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (total === 0 && file.problems.length > 0) throw new ImportError(file.problems);
  signal?.throwIfAborted();
  const transaction = await beginSharedTransaction(url);
  const { client, prisma } = transaction;
  const stop = () => void client.end();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    await client.query('SELECT pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
    let done = 0;
    const importing = startImporting({
      client: clientOf(client),
      prisma,
      file,
      now: options.now?.() ?? (await timeOf(client)),
      by: recordSystem('import'),
      whenTooSmall,
      sealingKeys: options.keys,
      ...(isDryRun && { changes: [] }),
      onDone(rows) {
        done += rows;
        onProgress(done, total);
      },
    });
    const revokedSeats = (await writeTables(importing)).length;
    if (file.problems.length > 0) throw new ImportError(file.problems);
    signal?.throwIfAborted();
    signal?.removeEventListener('abort', stop);
    const { notes, changes } = importing;
    if (!isDryRun) {
      await client.query('SELECT pg_notify($1, $2)', [TOKEN_CHANNEL, '']);
      await commit(transaction);
    }
    return {
      ...counts,
      ...(revokedSeats > 0 && { revokedSeats }),
      ...(notes.length > 0 && { notes }),
      ...(changes !== undefined && { changes }),
    };
  } catch (error) {
    throw signal?.aborted && !(error instanceof UnknownOutcome) ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    // The outcome is already known, even if the connection broke.
    await transaction.close().catch(() => undefined);
  }
}

async function commit(transaction: SharedTransaction): Promise<void> {
  try {
    await transaction.commit();
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    throw new UnknownOutcome('The database ended the connection during COMMIT', { cause: error });
  }
}

function clientOf(client: pg.Client): SqlClient {
  return {
    async query<Row>(text: string, values?: unknown[]) {
      const { rows } = await client.query<object & Row>(text, values);
      return { rows };
    },
  };
}

function countRows(rows: Importing['file']['rows']): ImportCounts {
  const counts = Object.entries(rows).map(([table, { length }]) => [table, length]);
  // `Object.fromEntries` loses the keys, which are those of `rows`.
  return Object.fromEntries(counts) as ImportCounts;
}

/** Returns the time of the database, which the servers also use. */
async function timeOf(client: pg.Client): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return rows[0]?.now ?? new Date();
}
