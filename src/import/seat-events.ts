import { recordRevocations } from '../seats/revoke.ts';
import { noChanges, type SeatEventType } from '../seats/rules/changes.ts';
import { writeWithin } from '../seats/store/write.ts';
import { type SeatView, WITH_HOLDER } from '../seats/view.ts';
import type { FileRow } from './file-rows.ts';
import { fileRows } from './statements.ts';
import { TABLES } from './tables/all.ts';
import { batchesOf, type Importing, run } from './write-rows.ts';

/**
 * Records that seats are revoked. Call it before the rows are written, so that the events name the holders. A dry run
 * records nothing.
 */
export async function recordRevoked(importing: Importing, rows: readonly FileRow[]): Promise<void> {
  if (importing.changes !== undefined) return;
  for (const batch of batchesOf(rows)) {
    await recordRevocations(
      importing.prisma(),
      await seatsOf(importing, batch),
      importing.by,
      importing.now,
    );
  }
}

/** Records that seats were assigned or claimed. A dry run records nothing. */
export async function recordAssigned(
  importing: Importing,
  rows: readonly FileRow[],
): Promise<void> {
  if (importing.changes !== undefined) return;
  for (const batch of batchesOf(rows)) {
    const seats = await seatsOf(importing, batch);
    const eventsOf = (status: SeatView['status'], type: SeatEventType) =>
      seats.filter(seat => seat.status === status).map(seat => ({ type, seat, by: importing.by }));
    const events = [
      ...eventsOf('pending', 'customer_seat.assigned'),
      ...eventsOf('claimed', 'customer_seat.claimed'),
    ];
    await writeWithin(importing.prisma(), { ...noChanges(), events }, importing.now);
  }
}

/** Marks seats as written by the import: see `CHANGED_IN_USHER` in seat-rules.ts. */
export async function markImported(importing: Importing, rows: readonly FileRow[]): Promise<void> {
  for (const batch of batchesOf(rows)) await run(importing, MARK, batch);
}

async function seatsOf({ prisma }: Importing, rows: readonly FileRow[]): Promise<SeatView[]> {
  if (rows.length === 0) return [];
  return await prisma().customerSeat.findMany({
    where: {
      organizationId: { in: [...new Set(rows.map(row => String(row.columns.organization_id)))] },
      id: { in: rows.map(row => String(row.columns.id)) },
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: WITH_HOLDER,
  });
}

const MARK = `
  INSERT INTO imported_seats (organization_id, id, modified_at)
  SELECT old.organization_id, old.id, old.modified_at
    FROM ${fileRows(TABLES.seats.columns)}
    JOIN customer_seats AS old ON old.organization_id = f.organization_id AND old.id = f.id
  ON CONFLICT (organization_id, id) DO UPDATE SET modified_at = excluded.modified_at`;
