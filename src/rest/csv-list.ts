import type { Context } from 'hono';
import { limitHeap } from '../csv/limit-heap.ts';
import { SEAT_TABLE, seatCells } from '../csv/seat-table.ts';
import { csvResponse } from '../csv/stream-lines.ts';
import { csvLines } from '../csv/write-rows.ts';
import { ANY_ORIGIN } from '../http/cors.ts';
import type { SeatView } from '../seats/view.ts';
import type { AppEnv } from './routing.ts';

/** Tells caches that the form of a list depends on what the client accepts. */
export const BY_ACCEPT = { vary: 'Accept' } as const;

/** The most bytes that are buffered for a client. */
const LARGEST_WAITING = 65_536;

/** Returns the answer that lists seats as CSV, page by page. A failure after the first page aborts the connection. */
export async function seatsAsCsv(
  c: Context<AppEnv>,
  pages: AsyncGenerator<SeatView[]>,
): Promise<Response> {
  const lines = linesOf(pages, c.get('report'));
  const { value: first } = await lines.next();
  return csvResponse(first ?? '', lines, { ...ANY_ORIGIN, ...BY_ACCEPT }, LARGEST_WAITING);
}

async function* linesOf(
  pages: AsyncGenerator<SeatView[]>,
  report: (error: Error) => unknown,
): AsyncGenerator<string> {
  let text = csvLines([SEAT_TABLE]);
  let isFirst = true;
  const collectGarbage = limitHeap();
  try {
    for await (const page of pages) {
      yield text + csvLines(page.map(seatCells));
      collectGarbage();
      text = '';
      isFirst = false;
    }
  } catch (error) {
    if (!isFirst && error instanceof Error) report(error);
    throw error;
  }
  if (text !== '') yield text;
}
