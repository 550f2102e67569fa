import type { SeatStatus } from '../db/generated/prisma/enums.ts';
import type { Sql, Statement } from '../db/sql.ts';
import { projectionOf, type SeatNeeds } from './seat-projection.ts';
import { SEAT_COLUMNS, type SeatRow, toSeat, WITH_MEMBER } from './seat-row.ts';
import type { SeatView } from './view.ts';

/** The seats of a list: those of a pool, or those that a member holds. */
export interface SeatListKey {
  of: 'subscription' | 'order' | 'member';
  organizationId: string;
  id: string;
  /** Only those in these states, where it is given. */
  status?: readonly SeatStatus[] | null | undefined;
}

/** A seat's place in a list, which is in the order of `created_at, id`. */
export interface Place {
  createdAt: Date;
  id: string;
}

/** Which part of a list. */
export interface SeatPage {
  after?: Place | undefined;
  before?: Place | undefined;
  /** The oldest first, or the newest. */
  direction: 'asc' | 'desc';
  /** The most that it has. */
  take: number;
}

/**
 * One page of a list, with one statement however long it is; of each seat what is needed, and its place. The caller has
 * seen to the tenant rule.
 */
export async function readSeatPage(
  sql: Sql,
  list: SeatListKey,
  { after, before, direction, take }: SeatPage,
  needs: SeatNeeds | 'everything',
): Promise<SeatView[]> {
  const projection = projectionOf(needs);
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
      FROM customer_seats s ${needs === 'everything' || needs.member.size > 0 ? WITH_MEMBER : ''}
     WHERE ${conditions.join(' AND ')}
     ORDER BY s.created_at ${direction}, s.id ${direction}
     LIMIT $3`;
  const parts = { status: list.status, after, before };
  const given = Object.entries(parts).flatMap(([name, value]) => (value ? [`_${name}`] : []));
  const name = `seat_page_${list.of}_${direction}${given.join('')}_${projection.name}`;
  const rows = await sql.tuples<unknown[]>({ name, text }, values);
  return rows.map(projection.read);
}

/** How many seats the whole list has. */
export async function countSeats(sql: Sql, { of, organizationId, id, status }: SeatListKey) {
  const statement: Statement = {
    name: `seat_count_${of}`,
    text: `
      SELECT count(*)::integer FROM customer_seats
       WHERE organization_id = $1::uuid AND ${of}_id = $2::uuid
         AND ($3::seat_status[] IS NULL OR status = ANY($3))`,
  };
  const [row] = await sql.tuples<[number]>(statement, [organizationId, id, status ?? null]);
  return row?.[0] ?? 0;
}

/** All seats of a pool, revoked ones too, the oldest first. */
export async function readAllSeats(
  sql: Sql,
  list: { of: 'subscription' | 'order'; organizationId: string; id: string },
): Promise<SeatView[]> {
  const statement: Statement = {
    name: `seats_of_${list.of}`,
    text: `
      SELECT ${SEAT_COLUMNS}
        FROM customer_seats s ${WITH_MEMBER}
       WHERE s.organization_id = $1::uuid AND s.${list.of}_id = $2::uuid
       ORDER BY s.created_at, s.id`,
  };
  const rows = await sql.tuples<SeatRow>(statement, [list.organizationId, list.id]);
  return rows.map(toSeat);
}
