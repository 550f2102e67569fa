import type { SeatStatus } from '../../db/generated/prisma/enums.ts';
import type { Sql } from '../../db/sql.ts';
import type { SeatView } from '../view.ts';
import { findSeats } from './find-seats.ts';
import { readSeatPage, type SeatListKey } from './page.ts';
import { REPRESENTED } from './seat-projection.ts';

const PAGE = 1_000;

/**
 * Yields all seats of a list in pages of 1,000, the oldest first, each with what `representSeat` shows. A seat that exists
 * throughout comes exactly once, as it is when its page is read. The caller must have applied the tenant rule.
 */
export function allSeats(sql: Sql, list: SeatListKey): AsyncGenerator<SeatView[]> {
  return pages(after =>
    readSeatPage(sql, {
      list,
      page: { after, direction: 'asc', take: PAGE },
      selection: REPRESENTED,
    }),
  );
}

/** `allSeats` for all pools of an organization; only seats in one of the statuses, if given. */
export function allSeatsOfOrganization(
  sql: Sql,
  organizationId: string,
  status: readonly SeatStatus[] | undefined,
  now: Date,
): AsyncGenerator<SeatView[]> {
  const query = {
    scope: { of: 'organization', organizationId, id: organizationId },
    filter: { status },
    order: { field: 'createdAt', direction: 'asc' },
    now,
    seesCustomers: true,
  } as const;
  return pages(last => {
    const after = last && { key: last.createdAt, id: last.id, since: now };
    const part = { after, before: undefined, isInverted: false, take: PAGE };
    return findSeats(sql, query, part, REPRESENTED);
  });
}

async function* pages(
  read: (after: SeatView | undefined) => Promise<SeatView[]>,
): AsyncGenerator<SeatView[]> {
  let page: SeatView[] = [];
  do {
    page = await read(page.at(-1));
    if (page.length > 0) yield page;
  } while (page.length === PAGE);
}
