import { columnOf } from '../../db/fields.ts';
import { MEMBER_COLUMNS, SEAT_COLUMNS } from '../columns.ts';
import type { SeatView } from '../view.ts';

export type SeatColumn = (typeof SEAT_COLUMNS)[number];
export type MemberColumn = (typeof MEMBER_COLUMNS)[number];

/** The columns of a seat that a request selects. Without columns of the member, the member is not read. */
export interface SeatSelection {
  seat: ReadonlySet<SeatColumn>;
  member: ReadonlySet<MemberColumn>;
  /** Whether the address of the seat's customer is selected. It is read only if nothing else says who holds the seat. */
  customerEmail?: boolean;
}

/** How a statement selects seats, and how its rows become seats. */
export interface SeatProjection {
  /** Identifies the projection in the names of statements. */
  name: string;
  /** The select list, for the seat as `s` and its member as `m`. */
  columns: string;
  /** Joins `m`; empty if nothing of the member is selected. */
  join: string;
  /** Returns the seat of a row whose columns start at an index. Columns that are not selected are missing. */
  read: (row: readonly unknown[], from?: number) => SeatView;
}

/** The address of a seat's customer, if nothing else says who holds the seat. */
const CUSTOMER_EMAIL = `
  CASE WHEN s.email IS NULL AND s.member_id IS NULL AND s.customer_id IS NOT NULL THEN
    (SELECT c.email FROM customers c WHERE c.organization_id = s.organization_id AND c.id = s.customer_id)
  END`;

/**
 * Joins the member `m` of a seat. `OFFSET` makes PostgreSQL look up each member by its key. If the table had one row when it
 * was analyzed, PostgreSQL would otherwise read the whole table for every seat, and a connection would keep that plan until
 * the next analysis, however many rows were added by then.
 */
const WITH_MEMBER = `
  LEFT JOIN LATERAL (
    SELECT * FROM members WHERE organization_id = s.organization_id AND id = s.member_id OFFSET 0) AS m ON true`;

const EVERYTHING: SeatSelection = {
  seat: new Set(SEAT_COLUMNS),
  member: new Set(MEMBER_COLUMNS),
  customerEmail: true,
};

/** The columns that `representSeat` shows. */
export const REPRESENTED: SeatSelection = {
  seat: new Set([
    'createdAt',
    'modifiedAt',
    'id',
    'subscriptionId',
    'orderId',
    'status',
    'customerId',
    'memberId',
    'email',
    'invitationTokenExpiresAt',
    'claimedAt',
    'revokedAt',
    'metadata',
  ]),
  member: new Set([
    'id',
    'createdAt',
    'modifiedAt',
    'customerId',
    'email',
    'name',
    'externalId',
    'role',
  ]),
  customerEmail: true,
};

// Every connection keeps a statement for each projection.
const MAX_PROJECTIONS = 200;
const projections = new Map<string, SeatProjection>();
const known = new WeakMap<SeatSelection, SeatProjection>();
const whole = project(EVERYTHING);

/** Returns the projection of a selection, or of everything once there are too many projections. */
export function projectionOf(selection: SeatSelection | 'everything'): SeatProjection {
  if (selection === 'everything') return whole;
  const found = known.get(selection) ?? findProjection(selection);
  known.set(selection, found);
  return found;
}

function findProjection(selection: SeatSelection): SeatProjection {
  const projection = project(selection);
  const same = projections.get(projection.name);
  if (same !== undefined) return same;
  if (projections.size >= MAX_PROJECTIONS) return whole;
  projections.set(projection.name, projection);
  return projection;
}

function project({ seat, member, customerEmail = false }: SeatSelection): SeatProjection {
  const seatColumns = SEAT_COLUMNS.filter(column => column === 'id' || seat.has(column));
  const hasMember = member.size > 0;
  const memberColumns = MEMBER_COLUMNS.filter(
    column => hasMember && (column === 'id' || member.has(column)),
  );
  const bits = [bitsOf(SEAT_COLUMNS, seatColumns), bitsOf(MEMBER_COLUMNS, memberColumns)];
  return {
    name: `${bits.join('_')}${customerEmail ? '_c' : ''}`,
    columns: [
      ...seatColumns.map(column => `s.${columnOf(column)}`),
      ...memberColumns.map(column => `m.${columnOf(column)}`),
      ...(customerEmail ? [CUSTOMER_EMAIL] : []),
    ].join(),
    join: hasMember ? WITH_MEMBER : '',
    read(row, from = 0) {
      const view = readColumns(seatColumns, row, from);
      const atMember = from + seatColumns.length;
      view.member =
        (row[atMember] ?? null) === null || !hasMember
          ? null
          : readColumns(memberColumns, row, atMember);
      const email = customerEmail ? row[atMember + memberColumns.length] : null;
      view.customer = email === null ? null : { email };
      // Callers use only what they selected.
      return view as unknown as SeatView;
    },
  };
}

/** Returns the columns of a row by their names, in the order in which the projection selects them. */
function readColumns(
  columns: readonly string[],
  row: readonly unknown[],
  from: number,
): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let i = 0; i < columns.length; i++) object[columns[i] as string] = row[from + i];
  return object;
}

function bitsOf(all: readonly string[], columns: readonly string[]): string {
  return columns.reduce((bits, column) => bits | (1 << all.indexOf(column)), 0).toString(36);
}
