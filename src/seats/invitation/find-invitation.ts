import type { Db, Prisma } from '../../db/client.ts';
import { ofInvitation } from '../invitation-token.ts';
import { type Invitee, inviteeOf } from '../rules/invitee.ts';
import { WITH_HOLDER } from '../view.ts';
import { BILLING_CUSTOMER } from './billing-customer.ts';

const POOL = {
  include: {
    product: { select: { id: true, name: true } },
    customer: BILLING_CUSTOMER,
    organization: true,
  },
} as const satisfies Prisma.CustomerSeat$subscriptionArgs & Prisma.CustomerSeat$orderArgs;

const INVITATION = {
  ...WITH_HOLDER,
  customer: { select: { email: true, deletedAt: true } },
  subscription: POOL,
  order: POOL,
} as const satisfies Prisma.CustomerSeatInclude;

type SeatRow = Prisma.CustomerSeatGetPayload<{ include: typeof INVITATION }>;

/** A seat with an invitation, its pool, and the person who may claim it. */
export interface FoundInvitation {
  seat: Omit<SeatRow, 'subscription' | 'order'>;
  pool: NonNullable<SeatRow['subscription'] | SeatRow['order']>;
  /** Undefined if nobody can claim the seat. */
  invitee: Invitee | undefined;
}

/**
 * Finds the seat that an invitation's token belongs to, or was used for; with `status`, only in that status. Returns
 * undefined for an unknown token. Checks nobody's rights: the token is the right.
 */
export async function findInvitation(
  db: Db,
  token: string,
  status?: SeatRow['status'],
): Promise<FoundInvitation | undefined> {
  const row = await db.customerSeat.findFirst({
    where: { ...ofInvitation(token), ...(status && { status }) },
    // Imported rows may share a token: the one that can be claimed comes first.
    orderBy: { status: 'asc' },
    include: INVITATION,
  });
  if (row === null) return undefined;
  const { subscription, order, ...seat } = row;
  const pool = subscription ?? order;
  if (pool === null) throw new Error('A seat without a pool, which its CHECK forbids.');
  const { customer: billingCustomer, organization } = pool;
  const invitee = inviteeOf({ seat, customer: seat.customer, pool, billingCustomer, organization });
  return { seat, pool, invitee };
}
