import { type FileRow, soundRows } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { batchesOf, type Importing, run, writeOrRefuse } from './write-rows.ts';

/** The file's members whose address is about to change. They stay as they are until then. */
export async function findNewAddresses(importing: Importing): Promise<FileRow[]> {
  const found: FileRow[] = [];
  for (const batch of batchesOf(soundRows(importing.file, 'members'))) {
    for (const { n } of await run<{ n: number }>(importing, CHANGED, batch)) {
      const row = batch[n];
      if (row) found.push(row);
    }
  }
  return found;
}

/**
 * Takes the address from each live seat of the members, so that no two of them are in each other's way, and returns
 * the seats with the address that `followAddresses` is to give them.
 */
export async function clearAddresses(importing: Importing, members: FileRow[]): Promise<FileRow[]> {
  const seats: FileRow[] = [];
  for (const batch of batchesOf(members)) {
    for (const { n, id } of await run<{ n: number; id: string }>(importing, CLEAR, batch)) {
      const member = batch[n];
      if (member === undefined) continue;
      const { organization_id, email } = member.columns;
      // What is wrong with a seat's new address is wrong with its member's.
      seats.push({ ...member, columns: { organization_id, id, email } });
    }
  }
  return seats;
}

/** Gives the seats their members' new address. Nobody is told, as in the reference. */
export async function followAddresses(importing: Importing, seats: FileRow[]): Promise<void> {
  for (const batch of batchesOf(seats)) await writeOrRefuse(importing, REFUSALS, FOLLOW, batch);
}

const TAKEN = {
  field: 'email',
  message: 'another seat of a subscription or order that this member has one of has this address',
};

const REFUSALS = {
  customer_seats_subscription_email_key: TAKEN,
  customer_seats_order_email_key: TAKEN,
};

const CHANGED = `
  SELECT f.n FROM ${fileRows(TABLES.members.columns)} JOIN members AS old ON ${sameKey(TABLES.members)}
   WHERE old.email <> f.email
   ORDER BY old.organization_id, old.id
     FOR NO KEY UPDATE OF old`;

const SNAPSHOT = { organization_id: 'uuid', id: 'uuid', email: 'text' };

const CLEAR = `
  UPDATE customer_seats AS old SET email = NULL FROM ${fileRows(SNAPSHOT)}
   WHERE old.organization_id = f.organization_id AND old.member_id = f.id
     AND old.status <> 'revoked' AND old.email IS DISTINCT FROM f.email
  RETURNING f.n, old.id`;

// A seat that was as an import left it still is.
const FOLLOW = `
  WITH marked AS (
    UPDATE imported_seats AS i SET modified_at = clock.now
      FROM ${fileRows(SNAPSHOT)}
      JOIN customer_seats AS old ON ${sameKey(TABLES.seats)}
     WHERE i.organization_id = old.organization_id AND i.id = old.id
       AND i.modified_at IS NOT DISTINCT FROM old.modified_at)
  UPDATE customer_seats AS old SET email = f.email, modified_at = clock.now FROM ${fileRows(SNAPSHOT)}
   WHERE ${sameKey(TABLES.seats)}`;
