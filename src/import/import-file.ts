import { isDeadlock } from '../db/constraints.ts';
import { beginSharedTransaction } from '../db/shared-transaction.ts';
import { TOKEN_CHANNEL } from '../events/token-changes.ts';
import type { SeatPool } from '../seats/source.ts';
import { clearAddresses, findNewAddresses, followAddresses } from './addresses.ts';
import { isAudited, withAudit } from './audit.ts';
import { applyCapacity, raiseCapacity } from './capacity.ts';
import {
  lockEndingPools,
  revokeIncoming,
  revokeLiveSeats,
  skipRevokedSeats,
} from './ended-pools.ts';
import { type FileRow, rowName, validRows } from './file-rows.ts';
import { keepChanges, markRows } from './kept-changes.ts';
import { matchPeople, recallMatches, replaceOwners } from './match-people.ts';
import { endMemberships } from './memberships.ts';
import { endMovedSessions, skipSessionsOfRemoved } from './portal-sessions.ts';
import { ImportError, type Problem } from './problems.ts';
import { readImportFile } from './read-import-file.ts';
import { markImported, recordAssigned, recordRevoked } from './seat-events.ts';
import { skipSecondSeats } from './seat-holders.ts';
import { planSeats } from './seat-rules.ts';
import { TABLES, type TableName } from './tables/all.ts';
import { POOL_TABLES } from './tables/pools.ts';
import { findDifferences, type Importing, writeTable } from './write-rows.ts';

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
  /** The clock. New and changed rows get the time at which the import began. */
  now?: () => Date;
  /** Stops the import and rolls it back. Has no effect once the commit has begun. */
  signal?: AbortSignal;
  /** Reports what would change, and rolls the import back. */
  isDryRun?: boolean;
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
 * Throws ImportError, which lists every invalid row; the signal's reason; or the driver's error.
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
  const { signal, onProgress = () => undefined, now = () => new Date(), isDryRun } = options;
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
    const importing: Importing = {
      client,
      prisma,
      file,
      now: now(),
      notes: [],
      newPools: new Set(),
      keptValues: new Map(),
      ...(isDryRun && { changes: [] }),
      onDone(rows) {
        done += rows;
        onProgress(done, total);
      },
    };
    const revokedSeats = await writeTables(importing);
    if (file.problems.length > 0) throw new ImportError(file.problems);
    signal?.throwIfAborted();
    signal?.removeEventListener('abort', stop);
    const { notes, changes } = importing;
    if (!isDryRun) {
      await client.query('SELECT pg_notify($1, $2)', [TOKEN_CHANNEL, '']);
      await transaction.commit();
    }
    return {
      ...counts,
      ...(revokedSeats > 0 && { revokedSeats }),
      ...(notes.length > 0 && { notes }),
      ...(changes !== undefined && { changes }),
    };
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await transaction.close();
  }
}

/** Writes all rows of the file, and returns the number of seats that were revoked because their pool ended. */
async function writeTables(importing: Importing): Promise<number> {
  const ending = await lockEndingPools(importing);
  let revokedSeats = 0;
  let newAddresses: FileRow[] = [];
  // `Object.keys` returns the keys of TABLES, typed as string[].
  for (const table of Object.keys(TABLES) as TableName[]) {
    if (table === 'customers') {
      await recallMatches(importing, table);
      await matchPeople(importing, table);
      await endMovedSessions(importing, table);
    }
    if (table === 'members') {
      await recallMatches(importing, table);
      await matchPeople(importing, table);
      await keepChanges(importing, table);
      await endMovedSessions(importing, table);
      newAddresses = await findNewAddresses(importing);
      await replaceOwners(importing);
    }
    if (table === 'memberSessions') await skipSessionsOfRemoved(importing);
    if (table === 'memberships') await endMemberships(importing);
    if (table === 'memberships' || table === 'webhookEndpoints')
      await keepChanges(importing, table);
    if (table === 'subscriptions') await findNewPools(importing);
    if (table === 'seats') revokedSeats = await writeSeats(importing, ending, newAddresses);
    else if (isAudited(table))
      await withAudit(importing, table, () => writeTable(importing, table));
    else await writeTable(importing, table);
    if (table === 'memberships' || table === 'webhookEndpoints' || table === 'members') {
      await markRows(importing, table);
    }
  }
  await applyCapacity(importing);
  return revokedSeats;
}

async function findNewPools(importing: Importing): Promise<void> {
  for (const table of POOL_TABLES) {
    const rows = validRows(importing.file, table);
    for (const { row, isKnown } of await findDifferences(importing, table, rows)) {
      if (!isKnown) importing.newPools.add(rowName(table, String(row.columns.id)));
    }
  }
}

/**
 * Writes the seats of the file, and updates other seats whose pool or member the file changes. Records an event for each
 * seat that is assigned, claimed or revoked. Returns the number of seats revoked because their pool ended.
 */
async function writeSeats(
  importing: Importing,
  ending: SeatPool[],
  newAddresses: FileRow[],
): Promise<number> {
  const revoked = await revokeLiveSeats(importing, ending);
  await skipRevokedSeats(importing);
  const plan = await planSeats(importing, validRows(importing.file, 'seats'));
  await skipSecondSeats(importing, plan);
  await recordRevoked(importing, plan.revoked);
  importing.file.rows.seats = plan.rows;
  const cleared = await clearAddresses(importing, newAddresses);
  await writeTable(importing, 'seats', async seats => {
    await raiseCapacity(importing, seats);
    await followAddresses(importing, cleared);
  });
  const written = validRows(importing.file, 'seats');
  await markImported(
    importing,
    written.filter(row => !plan.changedInUsher.has(row)),
  );
  const revokedIncoming = await revokeIncoming(importing, ending);
  await recordAssigned(importing, plan.assigned);
  return revoked + revokedIncoming;
}

function countRows(rows: Importing['file']['rows']): ImportCounts {
  const counts = Object.entries(rows).map(([table, { length }]) => [table, length]);
  // `Object.fromEntries` loses the keys, which are those of `rows`.
  return Object.fromEntries(counts) as ImportCounts;
}
