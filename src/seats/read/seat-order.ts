import type { Parameters } from '../../db/parameters.ts';
import { POOL_ID } from './seat-filter.ts';

/** What seats are ordered by. */
export type SeatOrderField =
  | 'createdAt'
  | 'assignedAt'
  | 'claimedAt'
  | 'email'
  | 'invitationTokenExpiresAt';

/**
 * The order of a list of seats. Seats without the value come last; seats with equal values are ordered by id in the same
 * direction.
 */
export interface SeatOrder {
  field: SeatOrderField;
  direction: 'asc' | 'desc';
}

/** The position of a seat in a list. */
export interface SeatPosition {
  /** The value that the list is ordered by. */
  key: Date | string | null;
  id: string;
  /** When the first page was read; undefined for a position in the first page. */
  since: Date | undefined;
}

interface Field {
  /** The column of the seat `s`. */
  column: string;
  /** The column's value, as in the indexes. */
  key: string;
  /** Converts a value of a position to such a key. */
  keyOf(parameter: string): string;
  type: string;
  isNullable: boolean;
  /** Whether the seat `s`, which existed then, has since moved in the list, so that an earlier page may have shown it. */
  moved: { forward: string; backward: string } | undefined;
  /** The column of a pool's id in the index for the lists of pools. */
  poolId: (kind: 'subscription' | 'order') => string;
}

const asIs = (parameter: string) => parameter;
const anyPool = () => POOL_ID;

const TIME = { keyOf: asIs, type: 'timestamptz', poolId: anyPool };
const ASSIGNED = 's.assigned_at >= $since';
const ADDRESS_CHANGED = 's.address_changed_at >= $since';
const EXPIRY_CHANGED = 's.expiry_changed_at >= $since';

/** How lists are ordered. */
export const ORDER_FIELDS: Readonly<Record<SeatOrderField, Field>> = {
  createdAt: {
    ...TIME,
    column: 's.created_at',
    key: 's.created_at',
    isNullable: false,
    moved: undefined,
    poolId: kind => `s.${kind}_id`,
  },
  assignedAt: {
    ...TIME,
    column: 's.assigned_at',
    key: 's.assigned_at',
    isNullable: false,
    moved: { forward: ASSIGNED, backward: ASSIGNED },
  },
  claimedAt: {
    ...TIME,
    column: 's.claimed_at',
    key: 's.claimed_at',
    isNullable: true,
    // A claim moves a seat from the end of the list to the seats with a value; an assignment moves it back.
    moved: { forward: ASSIGNED, backward: 's.claimed_at >= $since' },
  },
  email: {
    column: 's.email',
    key: 'lower(s.email)',
    keyOf: parameter => `lower(${parameter})`,
    type: 'text',
    isNullable: true,
    moved: { forward: ADDRESS_CHANGED, backward: ADDRESS_CHANGED },
    poolId: anyPool,
  },
  invitationTokenExpiresAt: {
    ...TIME,
    column: 's.invitation_token_expires_at',
    key: 's.invitation_token_expires_at',
    isNullable: true,
    moved: { forward: EXPIRY_CHANGED, backward: EXPIRY_CHANGED },
  },
};

/** A part of a list, in the order of the list. */
export interface SeatPart {
  after: SeatPosition | undefined;
  before: SeatPosition | undefined;
  /** Whether the part is at the end of the list, and is read from there. */
  isInverted: boolean;
  take: number;
}

/**
 * A part of a list as conditions on the seat `s`: seats with a value, or seats without one, which an index reads separately.
 */
export interface Segment {
  conditions: string[];
  orderBy: string;
}

/** Returns the segments that a part of a list can span. */
export function segmentsOf(order: SeatOrder, part: SeatPart, parameters: Parameters): Segment[] {
  const { column, key, keyOf, type, isNullable, moved } = ORDER_FIELDS[order.field];
  const { after, before, isInverted } = part;
  const isAscending = (order.direction === 'asc') !== isInverted;
  const orderBy = isAscending ? `${key}, s.id` : `${key} DESC, s.id DESC`;
  const further = order.direction === 'asc' ? '>' : '<';
  const nearer = order.direction === 'asc' ? '<' : '>';
  const id = (position: SeatPosition) => parameters.add(position.id, 'uuid');
  const place = (position: SeatPosition) =>
    `(${keyOf(parameters.add(position.key, type))}, ${id(position)})`;

  const valued: string[] = [];
  const unvalued: string[] = [];
  if (isNullable) valued.push(`${column} IS NOT NULL`);
  unvalued.push(`${key} IS NULL`);
  if (after) {
    if (after.key === null) {
      valued.push('false');
      unvalued.push(`s.id ${further} ${id(after)}`);
    } else valued.push(`(${key}, s.id) ${further} ${place(after)}`);
  }
  if (before) {
    if (before.key === null) unvalued.push(`s.id ${nearer} ${id(before)}`);
    else {
      valued.push(`(${key}, s.id) ${nearer} ${place(before)}`);
      unvalued.push('false');
    }
  }
  const since = (after ?? before)?.since;
  const stayed: string[] = [];
  if (moved !== undefined && since !== undefined) {
    const at = parameters.add(since, 'timestamptz');
    const hasMoved = isInverted ? moved.backward : moved.forward;
    const sinceThen = hasMoved.replaceAll('$since', at);
    stayed.push(`NOT (s.created_at < ${at} AND coalesce(${sinceThen}, false))`);
  }
  return (isNullable ? [valued, unvalued] : [valued]).map(conditions => ({
    conditions: [...conditions, ...stayed],
    orderBy,
  }));
}

/** Returns the ORDER BY of a part, with its segments in order. The key is the field's own, or a column that holds it. */
export function orderOf(
  order: SeatOrder,
  isInverted: boolean,
  key = ORDER_FIELDS[order.field].key,
): string {
  const isAscending = (order.direction === 'asc') !== isInverted;
  const direction = isAscending ? 'ASC' : 'DESC';
  const nulls = isInverted ? 'NULLS FIRST' : 'NULLS LAST';
  const isNullable = ORDER_FIELDS[order.field].isNullable;
  return `${key} ${direction}${isNullable ? ` ${nulls}` : ''}, s.id ${direction}`;
}
