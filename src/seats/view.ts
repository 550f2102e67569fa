import type { Prisma } from '../db/client.ts';
import type { Member } from '../db/generated/prisma/client.ts';

/** The relations that are read with every seat that is shown. */
export const WITH_HOLDER = {
  member: true,
  customer: { select: { email: true } },
} as const satisfies Prisma.CustomerSeatInclude;

/** A seat with its holder, as the verbs return it. */
export type SeatView = Prisma.CustomerSeatGetPayload<{ include: typeof WITH_HOLDER }>;

/** The holder's e-mail address: the seat's snapshot, else the member's, else the customer's. */
export function holderEmail(seat: Pick<SeatView, 'email' | 'member' | 'customer'>): string | null {
  return seat.email ?? seat.member?.email ?? seat.customer?.email ?? null;
}

/** The holder of a seat, present or former: a snapshot. */
export interface SeatHolder {
  email: string | null;
  name: string | null;
  memberId: string | null;
  /** The holder's own customer, in an organization without the member model. */
  customerId: string | null;
}

/** Returns the holder of a live seat. */
export function holderOf(seat: SeatView, { hasMembers }: { hasMembers: boolean }): SeatHolder {
  return {
    email: holderEmail(seat),
    name: seat.member?.name ?? null,
    memberId: seat.memberId,
    customerId: hasMembers ? null : seat.customerId,
  };
}

/** A seat in the vendors' published form: 15 keys, always all of them, in this order. */
export function representSeat(seat: SeatView) {
  return {
    created_at: timestamp(seat.createdAt),
    modified_at: timestampOrNull(seat.modifiedAt),
    id: seat.id,
    subscription_id: seat.subscriptionId,
    order_id: seat.orderId,
    status: seat.status,
    customer_id: seat.customerId,
    member_id: seat.memberId,
    member: seat.member && representMember(seat.member),
    email: seat.email,
    customer_email: holderEmail(seat),
    invitation_token_expires_at: timestampOrNull(seat.invitationTokenExpiresAt),
    claimed_at: timestampOrNull(seat.claimedAt),
    revoked_at: timestampOrNull(seat.revokedAt),
    seat_metadata: seat.metadata,
  };
}

function representMember(member: Member) {
  return {
    id: member.id,
    created_at: timestamp(member.createdAt),
    modified_at: timestampOrNull(member.modifiedAt),
    customer_id: member.customerId,
    email: member.email,
    name: member.name,
    external_id: member.externalId,
    role: member.role,
  };
}

/** RFC 3339 in UTC with six fractional digits, or with none for a whole second. */
export function timestamp(date: Date): string {
  const iso = date.toISOString();
  return iso.endsWith('.000Z') ? `${iso.slice(0, -'.000Z'.length)}Z` : `${iso.slice(0, -1)}000Z`;
}

/** `timestamp`, or null without a date. */
export function timestampOrNull(date: Date | null): string | null {
  return date && timestamp(date);
}
