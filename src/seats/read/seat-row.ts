import type { Member } from '../../db/generated/prisma/client.ts';
import type { SeatView } from '../view.ts';

/** The address of a seat's customer, looked up where nothing else says who holds the seat. */
export const CUSTOMER_EMAIL = `
  CASE WHEN s.email IS NULL AND s.member_id IS NULL AND s.customer_id IS NOT NULL THEN
    (SELECT c.email FROM customers c WHERE c.organization_id = s.organization_id AND c.id = s.customer_id)
  END`;

/** The columns of a member `m`, for SQL by hand; `toMember` reads them. */
export const MEMBER_COLUMNS = `
  m.id, m.created_at, m.modified_at, m.deleted_at, m.customer_id, m.email, m.name, m.external_id, m.role`;

/**
 * The columns of a seat with its holder, for SQL by hand: `s` is the seat, `m` its member, to be joined by `WITH_MEMBER`.
 * `toSeat` reads them.
 */
export const SEAT_COLUMNS = `
  s.organization_id, s.id, s.created_at, s.modified_at, s.subscription_id, s.order_id, s.status, s.customer_id,
  s.member_id, s.email, s.invitation_nonce, s.invitation_token_hash, s.invitation_token_expires_at, s.claimed_at,
  s.revoked_at, s.metadata,
  ${MEMBER_COLUMNS}, ${CUSTOMER_EMAIL}`;

/**
 * Joins what `SEAT_COLUMNS` calls `m`. `OFFSET` leaves PostgreSQL no other plan than to look each member up. Where it has found
 * the table to have one row, it would read the whole table for every seat, and a connection keeps that plan until the table is
 * analyzed, however many rows were loaded by then.
 */
export const WITH_MEMBER = `
  LEFT JOIN LATERAL (
    SELECT * FROM members WHERE organization_id = s.organization_id AND id = s.member_id OFFSET 0) AS m ON true`;

/** Where in `SEAT_COLUMNS` those of the member begin. */
const MEMBER = 16;

/** How many columns `SEAT_COLUMNS` has; others may follow. */
const SEAT_WIDTH = 26;

/** What `SEAT_COLUMNS` selects. */
export type SeatRow = readonly [
  organizationId: string,
  id: string,
  createdAt: Date,
  modifiedAt: Date | null,
  subscriptionId: string | null,
  orderId: string | null,
  status: SeatView['status'],
  customerId: string | null,
  memberId: string | null,
  email: string | null,
  invitationNonce: Uint8Array<ArrayBuffer> | null,
  invitationTokenHash: Uint8Array<ArrayBuffer> | null,
  invitationTokenExpiresAt: Date | null,
  claimedAt: Date | null,
  revokedAt: Date | null,
  metadata: SeatView['metadata'],
  ...others: unknown[],
];

/** A row of `SEAT_COLUMNS` as verbs and APIs use a seat. */
export function toSeat(row: SeatRow): SeatView {
  const customerEmail = row[SEAT_WIDTH - 1] as string | null;
  return {
    organizationId: row[0],
    id: row[1],
    createdAt: row[2],
    modifiedAt: row[3],
    subscriptionId: row[4],
    orderId: row[5],
    status: row[6],
    customerId: row[7],
    memberId: row[8],
    email: row[9],
    invitationNonce: row[10],
    invitationTokenHash: row[11],
    invitationTokenExpiresAt: row[12],
    claimedAt: row[13],
    revokedAt: row[14],
    metadata: row[15],
    member: toMember(row[0], row, MEMBER),
    customer: customerEmail === null ? null : { email: customerEmail },
  };
}

/** A row as verbs and APIs use a member, from where `MEMBER_COLUMNS` begin in it; null for nobody. */
export function toMember(
  organizationId: string,
  row: readonly unknown[],
  at: number,
): Member | null {
  if (row[at] === null) return null;
  return {
    organizationId,
    id: row[at],
    createdAt: row[at + 1],
    modifiedAt: row[at + 2],
    deletedAt: row[at + 3],
    customerId: row[at + 4],
    email: row[at + 5],
    name: row[at + 6],
    externalId: row[at + 7],
    role: row[at + 8],
  } as Member;
}
