import { hashToken } from '../../auth/token.ts';
import type { Member } from '../../db/generated/prisma/client.ts';
import type { Sql, Statement } from '../../db/sql.ts';
import { type Invitee, inviteeOf, isOpen } from '../rules/invitee.ts';
import type { SeatSource } from '../source.ts';
import type { SeatView } from '../view.ts';
import { SOURCE_COLUMNS, SOURCE_WIDTH, type SourceRow, sourceOf } from './read-pool.ts';
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

/** A seat and the pool that it is from. */
interface FoundSeat {
  seat: SeatView;
  source: SeatSource;
}

/** A seat with its pool, and with all that a claim, or who is to claim it, has to know. */
export interface InvitedTo extends FoundSeat {
  /** Whom the seat is for; undefined where nobody can claim it. */
  invitee: Invitee | undefined;
  /** Where the seat has no member: the member of the billing customer who has the address that the seat is for. */
  namesake: Member | null;
  product: { name: string } | null;
  organization: { name: string; slug: string; isOpen: boolean };
}

const FROM = `
  FROM customer_seats s
  ${WITH_MEMBER}
  JOIN organizations o ON o.id = s.organization_id
 CROSS JOIN LATERAL (
   SELECT p.organization_id, p.id, p.customer_id, p.product_id, p.seats, p.deleted_at
     FROM subscriptions p WHERE p.organization_id = s.organization_id AND p.id = s.subscription_id
    UNION ALL
   SELECT p.organization_id, p.id, p.customer_id, p.product_id, p.seats, p.deleted_at
     FROM orders p WHERE p.organization_id = s.organization_id AND p.id = s.order_id) AS p`;

const invitedWith = (condition: string) => `
    SELECT ${SEAT_COLUMNS}, ${SOURCE_COLUMNS}, namesake.*,
           c.id IS NOT NULL, c.email, c.deleted_at, payer.id IS NOT NULL, payer.deleted_at, p.deleted_at,
           t.name, o.name, o.slug, o.status::text, o.deleted_at
      ${FROM}
      LEFT JOIN products t ON t.organization_id = p.organization_id AND t.id = p.product_id
      LEFT JOIN customers c ON c.organization_id = s.organization_id AND c.id = s.customer_id
      LEFT JOIN customers payer ON payer.organization_id = p.organization_id AND payer.id = p.customer_id
      LEFT JOIN LATERAL (
        SELECT ${MEMBER_COLUMNS}
          FROM members m
         WHERE s.member_id IS NULL AND m.organization_id = s.organization_id AND m.customer_id = p.customer_id
           AND lower(m.email) = lower(trim(coalesce(s.email, c.email)))
           AND m.deleted_at IS NULL) AS namesake ON true
     WHERE ${condition}`;

const BY_INVITATION: Statement = {
  name: 'seat_by_invitation',
  text: invitedWith(`s.invitation_token_hash = $1::bytea AND s.status = 'pending'`),
};

/** The pending seat that an invitation's token belongs to, with one statement; undefined where there is none. */
export async function readInvited(sql: Sql, token: string): Promise<InvitedTo | undefined> {
  const [row] = await sql.tuples(BY_INVITATION, [hashToken(token)]);
  return row && toInvited(row);
}

function toInvited(row: readonly unknown[]): InvitedTo {
  const found = toFound(row);
  const { seat, source } = found;
  const rest = row.slice(REST) as unknown as InvitedRow;
  const [hasCustomer, email, customerDeletedAt, hasPayer, payerDeletedAt, poolDeletedAt] = rest;
  const [product, name, slug, status, deletedAt] = rest.slice(6) as unknown as Described;
  const { memberModelEnabled } = source.organization;
  return {
    ...found,
    invitee: inviteeOf({
      seat,
      customer: hasCustomer ? { email, deletedAt: customerDeletedAt } : null,
      pool: { customerId: source.customerId, deletedAt: poolDeletedAt },
      billingCustomer: hasPayer ? { deletedAt: payerDeletedAt } : null,
      organization: { status, deletedAt, memberModelEnabled },
    }),
    namesake: toMember(seat.organizationId, row, NAMESAKE),
    product: product === null ? null : { name: product },
    organization: { name, slug, isOpen: isOpen({ status, deletedAt }) },
  };
}

/** What follows the columns of the namesake: the facts that decide whom the seat is for, and those that are told. */
type InvitedRow = readonly [
  hasCustomer: boolean,
  email: string | null,
  customerDeletedAt: Date | null,
  hasPayer: boolean,
  payerDeletedAt: Date | null,
  poolDeletedAt: Date | null,
  ...described: unknown[],
];

type Described = readonly [
  product: string | null,
  organizationName: string,
  slug: string,
  status: string,
  deletedAt: Date | null,
];

/** Where in a row of `BY_INVITATION` the columns of the namesake begin, and those after it. */
const NAMESAKE = SEAT_WIDTH + SOURCE_WIDTH;
const REST = NAMESAKE + MEMBER_WIDTH;

function toFound(row: readonly unknown[]): FoundSeat {
  const seat = toSeat(row as SeatRow);
  const kind = seat.subscriptionId === null ? 'order' : 'subscription';
  return { seat, source: sourceOf(kind, row.slice(SEAT_WIDTH) as unknown as SourceRow) };
}
