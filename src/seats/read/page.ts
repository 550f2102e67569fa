import type { SeatStatus } from '../../db/generated/prisma/enums.ts';
import type { Sql, Statement } from '../../db/sql.ts';
import type { SeatView } from '../view.ts';
import { nameOf } from './read-pool.ts';
import { projectionOf, REPRESENTED, type SeatSelection } from './seat-projection.ts';

/** The seats of a list: those of a pool, or those that a member holds. */
export interface SeatListKey {
  of: 'subscription' | 'order' | 'member';
  organizationId: string;
  id: string;
  /** Only seats in these statuses, if given. */
  status?: readonly SeatStatus[] | null | undefined;
}

/** A seat's position in a list, which is ordered by `created_at, id`. */
export interface Place {
  createdAt: Date;
  id: string;
}

/** Selects a part of a list. */
export interface ListPart<Position> {
  after?: Position | undefined;
  before?: Position | undefined;
  /** Whether the oldest or the newest comes first. */
  direction: 'asc' | 'desc';
  /** The most items to return. */
  take: number;
}

/** A part of a list, and which columns of its seats to read. */
export interface PageRequest {
  list: SeatListKey;
  page: ListPart<Place>;
  selection: SeatSelection | 'everything';
}

/**
 * Reads one page of a list with one statement, however long the list is, and only the selected columns. The caller must have
 * applied the tenant rule. `readFirstPages` does the same for many lists.
 */
export async function readSeatPage(
  sql: Sql,
  { list, page: { after, before, direction, take }, selection }: PageRequest,
): Promise<SeatView[]> {
  const projection = projectionOf(selection);
  const values: unknown[] = [list.organizationId, list.id, take];
  const next = (value: unknown) => `$${values.push(value)}`;
  const place = ({ createdAt, id }: Place) =>
    `(${next(createdAt)}::timestamptz, ${next(id)}::uuid)`;
  const conditions = [
    `s.organization_id = $1::uuid AND s.${list.of}_id = $2::uuid`,
    ...(list.status ? [`s.status = ANY(${next(list.status)}::seat_status[])`] : []),
    ...(after ? [`(s.created_at, s.id) > ${place(after)}`] : []),
    ...(before ? [`(s.created_at, s.id) < ${place(before)}`] : []),
  ];
  const text = `
    SELECT ${projection.columns}
      FROM customer_seats s ${projection.join}
     WHERE ${conditions.join(' AND ')}
     ORDER BY s.created_at ${direction}, s.id ${direction}
     LIMIT $3`;
  const parts = { status: list.status, after, before };
  const given = Object.entries(parts).flatMap(([name, value]) => (value ? [`_${name}`] : []));
  const name = `seat_page_${list.of}_${direction}${given.join('')}_${projection.name}`;
  const rows = await sql.tuples({ name, text }, values);
  return rows.map(row => projection.read(row));
}

/** Whether a page is the first of its list, from either end. */
export function isFirstPage({ page }: PageRequest): boolean {
  return page.after === undefined && page.before === undefined;
}

/** Returns what first pages must have in common for one statement to read them. */
export function formOf({ list, page, selection }: PageRequest): string {
  const { organizationId, of, status } = list;
  const { direction, take } = page;
  return [
    organizationId,
    of,
    status?.toSorted(),
    direction,
    take,
    projectionOf(selection).name,
  ].join();
}

/** Reads the first pages of many lists, all of one form, with one statement. */
export async function readFirstPages(
  sql: Sql,
  requests: readonly PageRequest[],
): Promise<SeatView[][]> {
  const [first] = requests;
  if (first === undefined) return [];
  const { list, page, selection } = first;
  const { of, status } = list;
  const { direction, take } = page;
  const projection = projectionOf(selection);
  const wanted = new Map(requests.map(({ list }) => [nameOf(list), list]));
  const statement: Statement = {
    name: `first_pages_${of}_${direction}_${projection.name}`,
    text: `
      SELECT wanted.n::integer, ${projection.columns}
        FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (organization_id, id, n)
       CROSS JOIN LATERAL (
         SELECT * FROM customer_seats s
          WHERE s.organization_id = wanted.organization_id AND s.${of}_id = wanted.id
            AND ($4::seat_status[] IS NULL OR s.status = ANY($4))
          ORDER BY s.created_at ${direction}, s.id ${direction}
          LIMIT $3) AS s ${projection.join}
       WHERE wanted.n BETWEEN 1 AND 1000
       ORDER BY wanted.n, s.created_at ${direction}, s.id ${direction}`,
  };
  const lists = [...wanted.values()];
  const rows = await sql.tuples(statement, [
    lists.map(({ organizationId }) => organizationId),
    lists.map(({ id }) => id),
    take,
    status ?? null,
  ]);
  const pages = new Map([...wanted.keys()].map(name => [name, [] as SeatView[]]));
  const names = [...wanted.keys()];
  for (const row of rows) pages.get(names[Number(row[0]) - 1] ?? '')?.push(projection.read(row, 1));
  // Each request gets its own copy, which it may reverse.
  return requests.map(({ list }) => [...(pages.get(nameOf(list)) ?? [])]);
}

/** Returns what counts must have in common for one statement to make them. */
export function countFormOf({ organizationId, of, status }: SeatListKey): string {
  return [organizationId, of, status?.toSorted()].join();
}

/** Returns the number of seats in each of many whole lists, all of one form. */
export async function countSeats(sql: Sql, lists: readonly SeatListKey[]): Promise<number[]> {
  const [first] = lists;
  if (first === undefined) return [];
  const { of, status } = first;
  const statement: Statement = {
    name: `seat_count_${of}`,
    text: `
      SELECT count.n
        FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (organization_id, id, n)
       CROSS JOIN LATERAL (
         SELECT count(*)::integer AS n FROM customer_seats s
          WHERE s.organization_id = wanted.organization_id AND s.${of}_id = wanted.id
            AND ($3::seat_status[] IS NULL OR s.status = ANY($3))) AS count
       WHERE wanted.n BETWEEN 1 AND 1000
       ORDER BY wanted.n`,
  };
  const rows = await sql.rows<{ n: number }>(statement, [
    lists.map(({ organizationId }) => organizationId),
    lists.map(({ id }) => id),
    status ?? null,
  ]);
  return rows.map(({ n }) => n);
}

/** Reads all seats of a pool, including revoked ones, the oldest first, each with what `representSeat` shows. */
export async function readAllSeats(
  sql: Sql,
  list: { of: 'subscription' | 'order'; organizationId: string; id: string },
): Promise<SeatView[]> {
  const { columns, join, read } = projectionOf(REPRESENTED);
  const statement: Statement = {
    name: `seats_of_${list.of}`,
    text: `
      SELECT ${columns}
        FROM customer_seats s ${join}
       WHERE s.organization_id = $1::uuid AND s.${list.of}_id = $2::uuid
       ORDER BY s.created_at, s.id`,
  };
  const rows = await sql.tuples(statement, [list.organizationId, list.id]);
  return rows.map(row => read(row));
}
