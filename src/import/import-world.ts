import { isDeadlock } from '../db/constraints.ts';
import { beginSharedTransaction } from '../db/shared-transaction.ts';
import { TOKEN_CHANNEL } from '../events/token-changes.ts';
import type { SeatPool } from '../seats/source.ts';
import { clearAddresses, findNewAddresses, followAddresses } from './addresses.ts';
import { makeRoom, settlePools } from './capacity.ts';
import {
  leaveRevokedSeats,
  lockEndingPools,
  revokeArrivalsOf,
  revokeSeatsOf,
} from './ended-pools.ts';
import type { FileRow } from './file-rows.ts';
import { endMovedSessions } from './moved-sessions.ts';
import { ImportError } from './problems.ts';
import { readWorld } from './read-world.ts';
import { TABLES, type TableName } from './tables/all.ts';
import { type Importing, writeTable } from './write-rows.ts';

export { ImportError } from './problems.ts';

/** How many rows of each kind the file held. */
export interface ImportCounts extends Record<TableName, number> {
  /** How many seats were revoked since their pool ended; absent where there were none. */
  revokedSeats?: number;
}

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

const ATTEMPTS = 3;

/**
 * Brings a parsed import file into the database, by id: rows that are new are made, rows that differ are changed,
 * no other is touched. A key that the file leaves out gets its default, also where the row had another value, but for
 * what the file cannot know: when the row was made, whether its token was revoked, the invitation of a seat that still waits
 * for the same person. Rows that the file does not have stay. All of it happens in one transaction, or nothing.
 *
 * Where the file ends a subscription (`canceled`, `unpaid`, `incomplete_expired`) or an order (`refunded`, `void`) that
 * had not ended, the live seats of it are revoked, with an event each; as long as it is ended, no file brings them back.
 * Where the file changes a member's address, the member's live seats follow. A member or customer whose address changes
 * loses their sessions, also those that the file lists.
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
      if (attempt === ATTEMPTS || !isDeadlock(error)) throw error;
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
  signal?.throwIfAborted();
  const transaction = await beginSharedTransaction(url);
  const { client, prisma } = transaction;
  const stop = () => void client.end();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    await client.query('SELECT pg_advisory_xact_lock($1)', [ONE_AT_A_TIME]);
    let done = 0;
    const revokedSeats = await writeWorld({
      client,
      prisma,
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
    await client.query('SELECT pg_notify($1, $2)', [TOKEN_CHANNEL, '']);
    await transaction.commit();
    return revokedSeats === 0 ? counts : { ...counts, revokedSeats };
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await transaction.close();
  }
}

/** Writes all that the file has, and returns how many seats were revoked since their pool ended. */
async function writeWorld(importing: Importing): Promise<number> {
  const ending = await lockEndingPools(importing);
  let revokedSeats = 0;
  let newAddresses: FileRow[] = [];
  // The keys of that very object.
  for (const table of Object.keys(TABLES) as TableName[]) {
    if (table === 'customers' || table === 'members') await endMovedSessions(importing, table);
    if (table === 'members') newAddresses = await findNewAddresses(importing);
    if (table === 'seats') revokedSeats = await writeSeats(importing, ending, newAddresses);
    else await writeTable(importing, table);
  }
  await settlePools(importing);
  return revokedSeats;
}

/** Writes the seats, and brings those besides up to date that the file's pools and members concern. */
async function writeSeats(
  importing: Importing,
  ending: SeatPool[],
  newAddresses: FileRow[],
): Promise<number> {
  const revoked = await revokeSeatsOf(importing, ending);
  await leaveRevokedSeats(importing);
  const cleared = await clearAddresses(importing, newAddresses);
  await writeTable(importing, 'seats', async seats => {
    await makeRoom(importing, seats);
    await followAddresses(importing, cleared);
  });
  return revoked + (await revokeArrivalsOf(importing, ending));
}

function countRows(rows: Importing['file']['rows']): ImportCounts {
  const counts = Object.entries(rows).map(([table, { length }]) => [table, length]);
  // The keys are those of the rows.
  return Object.fromEntries(counts) as ImportCounts;
}
