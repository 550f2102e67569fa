import { hashToken } from '../auth/token.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import type { Sql, Statement } from '../db/sql.ts';
import type { KnownActor } from './access.ts';
import type { FoundSeat } from './find.ts';
import {
  MEMBER_MODEL,
  reachable,
  SOURCE_COLUMNS,
  SOURCE_WIDTH,
  type SourceRow,
  sourceOf,
} from './read-pool.ts';
import {
  MEMBER_COLUMNS,
  MEMBER_WIDTH,
  SEAT_COLUMNS,
  SEAT_WIDTH,
  type SeatRow,
  toMember,
  toSeat,
  WITH_MEMBER,
} from './seat-row.ts';

/** A pending seat with its pool, and with all that a claim, or who is to claim it, has to know. */
export interface InvitedTo extends FoundSeat {
  /** The seat's customer; null where it has none. */
  customer: { email: string | null; isLive: boolean } | null;
  /** Where the seat has no member: the member of the paying customer who has the address that the seat is for. */
  namesake: Member | null;
  product: { name: string } | null;
  organization: { name: string; slug: string; isLive: boolean };
}

const FROM = `
  FROM customer_seats s
  ${WITH_MEMBER}
  JOIN organizations o ON o.id = s.organization_id
 CROSS JOIN LATERAL (
   SELECT p.organization_id, p.id, p.customer_id, p.product_id, p.seats
     FROM subscriptions p WHERE p.organization_id = s.organization_id AND p.id = s.subscription_id
    UNION ALL
   SELECT p.organization_id, p.id, p.customer_id, p.product_id, p.seats
     FROM orders p WHERE p.organization_id = s.organization_id AND p.id = s.order_id) AS p`;

const BY_ID: Statement = {
  name: 'seat_with_pool',
  text: `
    SELECT ${SEAT_COLUMNS}, ${SOURCE_COLUMNS}
      ${FROM}
     WHERE s.organization_id = ANY($1::uuid[]) AND s.id = $2::uuid AND ($3::uuid IS NULL OR p.customer_id = $3)`,
};

const BY_INVITATION: Statement = {
  name: 'seat_by_invitation',
  text: `
    SELECT ${SEAT_COLUMNS}, ${SOURCE_COLUMNS}, namesake.*,
           c.id IS NOT NULL, c.email, c.deleted_at IS NULL,
           t.name, o.name, o.slug, o.deleted_at IS NULL AND o.status <> 'blocked'
      ${FROM}
      LEFT JOIN products t ON t.organization_id = p.organization_id AND t.id = p.product_id
      LEFT JOIN customers c ON c.organization_id = s.organization_id AND c.id = s.customer_id
      LEFT JOIN LATERAL (
        SELECT ${MEMBER_COLUMNS}
          FROM members m
         WHERE s.member_id IS NULL AND m.organization_id = s.organization_id AND m.customer_id = p.customer_id
           AND lower(m.email) = lower(trim(CASE WHEN ${MEMBER_MODEL} THEN s.email ELSE c.email END))
           AND m.deleted_at IS NULL) AS namesake ON true
     WHERE s.invitation_token_hash = $1::bytea AND s.status = 'pending'`,
};

/** The seat with this id under the tenant rule, with one statement; undefined where there is none. */
export async function readSeat(
  sql: Sql,
  actor: KnownActor,
  id: string,
): Promise<FoundSeat | undefined> {
  const [row] = await sql.tuples(BY_ID, reachable(actor, id));
  return row && toFound(row);
}

/** The pending seat that an invitation's token belongs to, with one statement; undefined where there is none. */
export async function readInvited(sql: Sql, token: string): Promise<InvitedTo | undefined> {
  const [row] = await sql.tuples(BY_INVITATION, [hashToken(token)]);
  if (row === undefined) return undefined;
  const found = toFound(row);
  const [hasCustomer, email, isLiveCustomer, product, name, slug, isLive] = row.slice(
    REST,
  ) as unknown as [boolean, string | null, boolean, string | null, string, string, boolean];
  return {
    ...found,
    customer: hasCustomer ? { email, isLive: isLiveCustomer } : null,
    namesake: toMember(found.seat.organizationId, row, NAMESAKE),
    product: product === null ? null : { name: product },
    organization: { name, slug, isLive },
  };
}

/** Where in a row of `BY_INVITATION` the columns of the namesake begin, and those after it. */
const NAMESAKE = SEAT_WIDTH + SOURCE_WIDTH;
const REST = NAMESAKE + MEMBER_WIDTH;

function toFound(row: readonly unknown[]): FoundSeat {
  const seat = toSeat(row as SeatRow);
  const kind = seat.subscriptionId === null ? 'order' : 'subscription';
  return { seat, source: sourceOf(kind, row.slice(SEAT_WIDTH) as unknown as SourceRow) };
}
