import { type FileRow, validRows } from './file-rows.ts';
import { fileRows, sameKey } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { batchesOf, type Importing, run, writeOrReport } from './write-rows.ts';

/** Returns the members of the file whose address changes. Changes no row. */
export async function findNewAddresses(importing: Importing): Promise<FileRow[]> {
  const found: FileRow[] = [];
  for (const batch of batchesOf(validRows(importing.file, 'members'))) {
    for (const { n } of await run<{ n: number }>(importing, CHANGED, batch)) {
      const row = batch[n];
      if (row) found.push(row);
    }
  }
  return found;
}

/**
 * Clears the address of each live seat of the members, so that no two seats conflict while members swap addresses.
 * Returns the seats with the new address, for `followAddresses`.
 */
export async function clearAddresses(importing: Importing, members: FileRow[]): Promise<FileRow[]> {
  const seats: FileRow[] = [];
  for (const batch of batchesOf(members)) {
    for (const { n, id } of await run<{ n: number; id: string }>(importing, CLEAR, batch)) {
      const member = batch[n];
      if (member === undefined) continue;
      const { organization_id, email } = member.columns;
      // A problem with the new address of a seat is reported at its member.
      seats.push({ ...member, columns: { organization_id, id, email } });
    }
  }
  return seats;
}

/** Writes the members' new addresses to their seats. Records no event, as in the reference. */
export async function followAddresses(importing: Importing, seats: FileRow[]): Promise<void> {
  for (const batch of batchesOf(seats)) await writeOrReport(importing, VIOLATIONS, FOLLOW, batch);
}

const TAKEN = {
  field: 'email',
  message: 'another seat of the same subscription or order has this address',
};

const VIOLATIONS = {
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

// A seat that nobody changed since the last import still counts as unchanged.
const FOLLOW = `
  WITH marked AS (
    UPDATE imported_seats AS i SET modified_at = clock.now
      FROM ${fileRows(SNAPSHOT)}
      JOIN customer_seats AS old ON ${sameKey(TABLES.seats)}
     WHERE i.organization_id = old.organization_id AND i.id = old.id
       AND i.modified_at IS NOT DISTINCT FROM old.modified_at)
  UPDATE customer_seats AS old SET email = f.email, modified_at = clock.now FROM ${fileRows(SNAPSHOT)}
   WHERE ${sameKey(TABLES.seats)}`;
