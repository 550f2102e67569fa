import type { SeatPool } from '../seats/source.ts';
import { clearAddresses, findNewAddresses, followAddresses } from './addresses.ts';
import { isAudited, withAudit } from './audit.ts';
import { keepNewest, lockNews, storeTimes } from './billing-news.ts';
import { applyCapacity, raiseCapacity } from './capacity.ts';
import {
  lockChangingPools,
  lockEndingPools,
  revokeIncoming,
  revokeLiveSeats,
  skipRevokedSeats,
} from './ended-pools.ts';
import { resolveExternalIds } from './external-ids.ts';
import { type FileRow, rowName, validRows } from './file-rows.ts';
import { keepChanges, markRows } from './kept-changes.ts';
import { matchPeople, recallMatches, replaceOwners } from './match-people.ts';
import { endMemberships } from './memberships.ts';
import { endMovedSessions, skipSessionsOfRemoved } from './portal-sessions.ts';
import { sealSecrets } from './seal-secrets.ts';
import { markImported, recordAssigned, recordRevoked } from './seat-events.ts';
import { skipSecondSeats } from './seat-holders.ts';
import { planSeats } from './seat-rules.ts';
import { TABLES, type TableName } from './tables/all.ts';
import { POOL_TABLES } from './tables/pools.ts';
import { findDifferences, type Importing, writeTable } from './write-rows.ts';

/**
 * Writes all rows of a file, and returns the ids of the seats that were revoked because their pool ended. Of the values from
 * the billing system, the newest win: see `decideNews`. `locksPools`: first locks the pools that change, in the same order
 * as every verb. Use it for a few pools during concurrent assignments.
 */
export async function writeTables(
  importing: Importing,
  { locksPools = false } = {},
): Promise<string[]> {
  await lockNews(importing);
  await resolveExternalIds(importing);
  await recallMatches(importing, 'customers');
  await matchPeople(importing, 'customers');
  await keepNewest(importing);
  if (locksPools) await lockChangingPools(importing);
  const ending = await lockEndingPools(importing);
  let revokedSeats: string[] = [];
  let newAddresses: FileRow[] = [];
  // `Object.keys` returns the keys of TABLES, typed as string[].
  for (const table of Object.keys(TABLES) as TableName[]) {
    if (table === 'customers') await endMovedSessions(importing, table);
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
    if (table === 'webhookEndpoints') await sealSecrets(importing);
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
  await storeTimes(importing);
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
 * seat that is assigned, claimed or revoked. Returns the ids of the seats revoked because their pool ended.
 */
async function writeSeats(
  importing: Importing,
  ending: SeatPool[],
  newAddresses: FileRow[],
): Promise<string[]> {
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
  return [...revoked, ...revokedIncoming];
}
