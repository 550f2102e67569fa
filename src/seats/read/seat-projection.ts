import { fieldsOf } from '../../db/fields.ts';
import type { Member } from '../../db/generated/prisma/client.ts';
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
  /** Returns the seat of a row. Columns that are not selected are missing. */
  read: (row: ProjectedRow) => SeatView;
}

/** A row of a projection, by the names of its columns. */
export type ProjectedRow = Readonly<Record<string, unknown>>;

/** The address of a seat's customer, if nothing else says who holds the seat. */
const CUSTOMER_EMAIL = `
  CASE WHEN s.email IS NULL AND s.member_id IS NULL AND s.customer_id IS NOT NULL THEN
    (SELECT c.email FROM customers c WHERE c.organization_id = s.organization_id AND c.id = s.customer_id)
  END AS "customer.email"`;

/**
 * Joins the member `m` of a seat. `OFFSET` makes PostgreSQL look each member up by its key. If the table had one row when
 * it was analyzed, PostgreSQL would otherwise read the whole table for every seat, and a connection would keep that plan
 * until the next analysis, however many rows are there by then.
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

// Each projection is a statement that every connection keeps.
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
  const seatFields = fieldsOf<SeatView>(...seatColumns);
  const memberFields = fieldsOf<Member>(...memberColumns);
  const bits = [bitsOf(SEAT_COLUMNS, seatColumns), bitsOf(MEMBER_COLUMNS, memberColumns)];
  return {
    name: `${bits.join('_')}${customerEmail ? '_c' : ''}`,
    columns: [
      seatFields.select('s', 'seat'),
      ...(hasMember ? [memberFields.select('m', 'member')] : []),
      ...(customerEmail ? [CUSTOMER_EMAIL] : []),
    ].join(),
    join: hasMember ? WITH_MEMBER : '',
    read(row) {
      const email = (row['customer.email'] ?? null) as string | null;
      return {
        ...seatFields.read(row, 'seat'),
        member: hasMember ? memberFields.read(row, 'member') : null,
        customer: email === null ? null : { email },
        // Callers use only what they selected.
      } as SeatView;
    },
  };
}

function bitsOf(all: readonly string[], columns: readonly string[]): string {
  return columns.reduce((bits, column) => bits | (1 << all.indexOf(column)), 0).toString(36);
}
