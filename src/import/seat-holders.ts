import type { FileRow } from './file-rows.ts';
import type { SeatPlan } from './seat-rules.ts';
import { fileRows } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { batchesOf, type Importing, run } from './write-rows.ts';

/**
 * Leaves those rows out that would give somebody a second seat of a pool, beside one that the file does not know, or that
 * stays as it is: whoever was given a seat here keeps that one, and a note says so. Two seats of the file itself for one
 * person are left to the database to refuse.
 */
export async function leaveSecondSeats(importing: Importing, plan: SeatPlan): Promise<void> {
  const inFile = new Set(importing.file.rows.seats.map(({ columns }) => columns.id));
  const rivals: { row: FileRow; id: string; holder: string | null }[] = [];
  for (const batch of batchesOf(plan.given)) {
    for (const { n, id, holder } of await run<{ n: number; id: string; holder: string | null }>(
      importing,
      RIVALS,
      batch,
    )) {
      const row = batch[n];
      if (row) rivals.push({ row, id, holder });
    }
  }
  const left = new Set<FileRow>();
  // A row that is left out may be in the way of the next.
  for (let before = -1; before < left.size; ) {
    before = left.size;
    for (const { row, id, holder } of rivals) {
      if (left.has(row) || (inFile.has(id) && !plan.kept.has(id))) continue;
      left.add(row);
      plan.kept.add(row.columns.id);
      const who = holder ?? 'this person';
      const message = `is left out: ${who} has seat ${id} of the same subscription or order already`;
      importing.notes.push({ path: row.path, message });
    }
  }
  if (left.size === 0) return;
  const stays = (row: FileRow) => !left.has(row);
  plan.rows = plan.rows.filter(stays);
  plan.given = plan.given.filter(stays);
  plan.taken = plan.taken.filter(stays);
  importing.onDone(left.size);
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
