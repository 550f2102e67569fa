import type { FileRow } from './file-rows.ts';
import type { SeatPlan } from './seat-rules.ts';
import { fileRows } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { batchesOf, type Importing, run } from './write-rows.ts';

/**
 * Removes rows from the plan that would give a person a second seat in a pool, if the first seat is not in the file or stays
 * as it is. Adds a note for each. If the file itself has two seats for one person, a database constraint reports the second
 * one.
 */
export async function skipSecondSeats(importing: Importing, plan: SeatPlan): Promise<void> {
  const inFile = new Set(importing.file.rows.seats.map(({ columns }) => columns.id));
  const rivals: { row: FileRow; id: string; holder: string | null }[] = [];
  for (const batch of batchesOf(plan.assigned)) {
    for (const { n, id, holder } of await run<{ n: number; id: string; holder: string | null }>(
      importing,
      RIVALS,
      batch,
    )) {
      const row = batch[n];
      if (row) rivals.push({ row, id, holder });
    }
  }
  const skipped = new Set<FileRow>();
  // The seat of a skipped row stays as it is, and may conflict with another row.
  for (let before = -1; before < skipped.size; ) {
    before = skipped.size;
    for (const { row, id, holder } of rivals) {
      if (skipped.has(row) || (inFile.has(id) && !plan.kept.has(id))) continue;
      skipped.add(row);
      plan.kept.add(row.columns.id);
      const who = holder ?? 'this person';
      const message = `is skipped: ${who} already has seat ${id} of the same subscription or order`;
      importing.notes.push({ path: row.path, message });
    }
  }
  if (skipped.size === 0) return;
  const stays = (row: FileRow) => !skipped.has(row);
  plan.rows = plan.rows.filter(stays);
  plan.assigned = plan.assigned.filter(stays);
  plan.revoked = plan.revoked.filter(stays);
  importing.onDone(skipped.size);
}

const another = (pool: string, person: string) => `
  SELECT other.id, other.email, other.member_id FROM customer_seats AS other
   WHERE other.organization_id = f.organization_id AND other.id <> f.id
     AND other.${pool} = f.${pool} AND other.status <> 'revoked' AND ${person}`;

const BY_MEMBER = 'other.member_id = f.member_id';
const BY_EMAIL =
  'other.email IS NOT NULL AND lower(other.email) = lower(coalesce(f.email, member.email))';

const RIVALS = `
  SELECT f.n, other.id, coalesce(other.email, member.email) AS holder
    FROM ${fileRows(TABLES.seats.columns)}
    LEFT JOIN members AS member
      ON member.organization_id = f.organization_id AND member.id = f.member_id
   CROSS JOIN LATERAL (
     ${another('subscription_id', BY_MEMBER)} UNION ${another('subscription_id', BY_EMAIL)} UNION
     ${another('order_id', BY_MEMBER)} UNION ${another('order_id', BY_EMAIL)}) AS other
   ORDER BY f.n`;
