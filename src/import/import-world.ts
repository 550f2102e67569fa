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
import { type FileRow, nameOf, soundRows } from './file-rows.ts';
import { keepChanges, markRows } from './kept-changes.ts';
import { matchPeople, recallMatches, replaceOwners } from './match-people.ts';
import { endMemberships } from './memberships.ts';
import { endMovedSessions } from './moved-sessions.ts';
import { ImportError, type Problem } from './problems.ts';
import { readWorld } from './read-world.ts';
import { markImported, recordGiven, recordTaken } from './seat-events.ts';
import { leaveSecondSeats } from './seat-holders.ts';
import { planSeats } from './seat-rules.ts';
import { TABLES, type TableName } from './tables/all.ts';
import { POOL_TABLES } from './tables/pools.ts';
import { findDifferences, type Importing, writeTable } from './write-rows.ts';

export { ImportError } from './problems.ts';

/** How many rows of each kind the file held. */
export interface ImportCounts extends Record<TableName, number> {
  /** How many seats were revoked since their pool ended; absent where there were none. */
  revokedSeats?: number;
  /** What of the file was not taken as it stands, and why; absent where there is nothing to say. */
  notes?: readonly Problem[];
  /** What a dry run found that would change, row by row. */
  changes?: readonly Problem[];
}

export interface ImportOptions {
  /** Told every thousand rows how many of how many are done. */
  onProgress?: (done: number, total: number) => void;
  /** The clock; what is new or changed bears the time at which the import began. */
  now?: () => Date;
  /** Stops the import, which leaves nothing of itself; from when it is being committed, it is too late. */
  signal?: AbortSignal;
  /** Finds out what would change, and writes nothing. */
  isDryRun?: boolean;
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
  const { signal, onProgress = () => undefined, now = () => new Date(), isDryRun } = options;
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
    const revokedSeats = await writeWorld(importing);
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

/** Writes all that the file has, and returns how many seats were revoked since their pool ended. */
async function writeWorld(importing: Importing): Promise<number> {
  const ending = await lockEndingPools(importing);
  let revokedSeats = 0;
  let newAddresses: FileRow[] = [];
  // The keys of that very object.
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
    if (table === 'memberships') await endMemberships(importing);
    if (table === 'memberships' || table === 'webhookEndpoints')
      await keepChanges(importing, table);
    if (table === 'subscriptions') await findNewPools(importing);
    if (table === 'seats') revokedSeats = await writeSeats(importing, ending, newAddresses);
    else await writeTable(importing, table);
    if (table === 'memberships' || table === 'webhookEndpoints' || table === 'members') {
      await markRows(importing, table);
    }
  }
  await settlePools(importing);
  return revokedSeats;
}

async function findNewPools(importing: Importing): Promise<void> {
  for (const table of POOL_TABLES) {
    const rows = soundRows(importing.file, table);
    for (const { row, isKnown } of await findDifferences(importing, table, rows)) {
      if (!isKnown) importing.newPools.add(nameOf(table, String(row.columns.id)));
    }
  }
}

/**
 * Writes the seats, and brings those besides up to date that the file's pools and members concern. Each seat that is
 * given, claimed or taken is told of in an event.
 */
async function writeSeats(
  importing: Importing,
  ending: SeatPool[],
  newAddresses: FileRow[],
): Promise<number> {
  const revoked = await revokeSeatsOf(importing, ending);
  await leaveRevokedSeats(importing);
  const plan = await planSeats(importing, soundRows(importing.file, 'seats'));
  await leaveSecondSeats(importing, plan);
  await recordTaken(importing, plan.taken);
  importing.file.rows.seats = plan.rows;
  const cleared = await clearAddresses(importing, newAddresses);
  await writeTable(importing, 'seats', async seats => {
    await makeRoom(importing, seats);
    await followAddresses(importing, cleared);
  });
  const written = soundRows(importing.file, 'seats');
  await markImported(
    importing,
    written.filter(row => !plan.ours.has(row)),
  );
  const ended = await revokeArrivalsOf(importing, ending);
  await recordGiven(importing, plan.given);
  return revoked + ended;
}

function countRows(rows: Importing['file']['rows']): ImportCounts {
  const counts = Object.entries(rows).map(([table, { length }]) => [table, length]);
  // The keys are those of the rows.
  return Object.fromEntries(counts) as ImportCounts;
}
