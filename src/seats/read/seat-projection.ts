import type { Member } from '../../db/generated/prisma/client.ts';
import type { SeatView } from '../view.ts';
import { CUSTOMER_EMAIL, SEAT_COLUMNS, type SeatRow, toSeat, WITH_MEMBER } from './seat-row.ts';

/** A seat's own columns, by the names that they have in a SeatView. */
const SEAT = {
  organizationId: 's.organization_id',
  id: 's.id',
  createdAt: 's.created_at',
  modifiedAt: 's.modified_at',
  subscriptionId: 's.subscription_id',
  orderId: 's.order_id',
  status: 's.status',
  customerId: 's.customer_id',
  memberId: 's.member_id',
  email: 's.email',
  invitationNonce: 's.invitation_nonce',
  invitationTokenExpiresAt: 's.invitation_token_expires_at',
  claimedAt: 's.claimed_at',
  revokedAt: 's.revoked_at',
  metadata: 's.metadata',
} as const satisfies { [Column in keyof SeatView]?: string };

/** Its holder's. */
const MEMBER = {
  id: 'm.id',
  organizationId: 'm.organization_id',
  createdAt: 'm.created_at',
  modifiedAt: 'm.modified_at',
  customerId: 'm.customer_id',
  email: 'm.email',
  name: 'm.name',
  externalId: 'm.external_id',
  role: 'm.role',
} as const satisfies { [Column in keyof Member]?: string };

export type SeatColumn = keyof typeof SEAT;
export type MemberColumn = keyof typeof MEMBER;

/** What of a seat is to be read; of its holder nothing, where there are no columns for them. */
export interface SeatNeeds {
  seat: ReadonlySet<SeatColumn>;
  member: ReadonlySet<MemberColumn>;
  /** Whether the customer's address is needed, where nothing else says who holds the seat. */
  customerEmail?: boolean;
}

/** How a part of a seat is selected and read. */
export interface SeatProjection {
  /** Different for each. */
  name: string;
  /** The select list, for the seat as `s` and its member as `m`. */
  columns: string;
  /** Joins the member, where something of them is needed. */
  join: string;
  /** The seat, from as many columns on; what is not needed is not there. */
  read: (row: readonly unknown[], from?: number) => SeatView;
}

/** All of it. */
const WHOLE_SEAT: SeatProjection = {
  name: 'whole',
  columns: SEAT_COLUMNS,
  join: WITH_MEMBER,
  read: (row, from = 0) => toSeat((from === 0 ? row : row.slice(from)) as SeatRow),
};

// Each is a statement that every connection keeps.
const MOST_PROJECTIONS = 200;
const projections = new Map<string, SeatProjection>();
const known = new WeakMap<SeatNeeds, SeatProjection>();

/** What `representSeat` shows. */
export const REPRESENTED: SeatNeeds = {
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

/** Reads what is needed, where that has few enough forms by now, and all of it otherwise. */
export function projectionOf(needs: SeatNeeds | 'everything'): SeatProjection {
  if (needs === 'everything') return WHOLE_SEAT;
  const found = known.get(needs) ?? findProjection(needs);
  known.set(needs, found);
  return found;
}

function findProjection(needs: SeatNeeds): SeatProjection {
  const seat = chosen(SEAT, needs.seat);
  // Whether there is a holder shows in their id.
  const member = needs.member.size === 0 ? [] : chosen(MEMBER, new Set([...needs.member, 'id']));
  const customerEmail = needs.customerEmail ?? false;
  const name = `${bitsOf(SEAT, seat)}_${bitsOf(MEMBER, member)}${customerEmail ? '_c' : ''}`;
  const same = projections.get(name);
  if (same !== undefined) return same;
  if (projections.size >= MOST_PROJECTIONS) return WHOLE_SEAT;
  const made = {
    name,
    columns: [
      ...seat.map(column => SEAT[column]),
      ...member.map(column => MEMBER[column]),
      ...(customerEmail ? [CUSTOMER_EMAIL] : []),
    ].join(),
    join: member.length > 0 ? WITH_MEMBER : '',
    read: readerOf(seat, member, customerEmail),
  };
  projections.set(name, made);
  return made;
}

function chosen<Column extends string>(
  all: Record<Column, string>,
  wanted: ReadonlySet<Column>,
): Column[] {
  return (Object.keys(all) as Column[]).filter(column => wanted.has(column));
}

function bitsOf<Column extends string>(all: Record<Column, string>, columns: readonly Column[]) {
  const names = Object.keys(all);
  return columns.reduce((bits, column) => bits | (1 << names.indexOf(column)), 0).toString(36);
}

function readerOf(
  seat: readonly SeatColumn[],
  member: readonly MemberColumn[],
  customerEmail: boolean,
) {
  const holderId = seat.length + member.indexOf('id');
  return (row: readonly unknown[], from = 0): SeatView => {
    const view: Record<string, unknown> = {};
    let at = from;
    for (const column of seat) view[column] = row[at++];
    view.member = null;
    if (member.length > 0 && row[from + holderId] !== null) {
      const holder: Record<string, unknown> = {};
      for (const column of member) holder[column] = row[at++];
      view.member = holder;
    }
    const email = customerEmail ? row[from + seat.length + member.length] : null;
    view.customer = email === null ? null : { email };
    // What is not needed is not looked at.
    return view as unknown as SeatView;
  };
}
