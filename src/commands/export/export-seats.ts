import { SEAT_TABLE, seatCells } from '../../csv/seat-table.ts';
import { csvLines } from '../../csv/write-rows.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import type { SeatStatus } from '../../db/generated/prisma/enums.ts';
import { allSeats, allSeatsOfOrganization } from '../../seats/read/all-seats.ts';
import type { SeatView } from '../../seats/view.ts';
import { CommandError } from '../run-command.ts';
import { counted, type Work } from './run-export.ts';

/** Which seats are exported. */
export interface Selection {
  organization: string | undefined;
  pool: string | undefined;
  status: SeatStatus[] | undefined;
}

/** Returns the export of seats as CSV. Throws CommandError for an unknown organization or pool. */
export function exportSeats(selection: Selection): Work {
  return async function* (connection) {
    const database = openDatabase(connection.url, { poolSize: 1 });
    let written = 0;
    try {
      const header = csvLines([['organization', ...SEAT_TABLE]]);
      let text = header;
      for await (const { slug, seats } of selected(database, selection)) {
        written += seats.length;
        text += csvLines(seats.map(seat => [slug, ...seatCells(seat)]));
        yield { text, done: counted(written, 'seat') };
        text = '';
      }
      if (text !== '') yield { text, done: counted(written, 'seat') };
    } finally {
      await database.close();
    }
  };
}

/** Yields the selected seats in pages, each of one organization. Throws CommandError for an unknown organization or pool. */
async function* selected(
  database: Database,
  selection: Selection,
): AsyncGenerator<{ slug: string; seats: SeatView[] }> {
  const { organization: slug, pool, status } = selection;
  const organizations = await database.db.organization.findMany({
    ...(slug !== undefined && { where: { slug: { equals: slug, mode: 'insensitive' } } }),
    orderBy: { slug: 'asc' },
    select: { id: true, slug: true },
  });
  if (slug !== undefined && organizations.length === 0) {
    throw new CommandError(`No organization ${slug}.`);
  }
  let isFound = pool === undefined;
  for (const { id, slug } of organizations) {
    const pages = await pagesOf(database, id, pool, status);
    if (pages === undefined) continue;
    isFound = true;
    for await (const seats of pages) yield { slug, seats };
  }
  if (!isFound) throw new CommandError(`No subscription or order ${pool}.`);
}

async function pagesOf(
  { db, sql }: Database,
  organizationId: string,
  pool: string | undefined,
  status: SeatStatus[] | undefined,
): Promise<AsyncGenerator<SeatView[]> | undefined> {
  if (pool === undefined) return allSeatsOfOrganization(sql, organizationId, status, new Date());
  const where = { organizationId, id: pool };
  const isSubscription = (await db.subscription.count({ where })) > 0;
  if (!isSubscription && (await db.order.count({ where })) === 0) return undefined;
  const of = isSubscription ? 'subscription' : 'order';
  return allSeats(sql, { of, organizationId, id: pool, status });
}
