import { timestampOrNull } from '../../src/seats/view.ts';

/** A seat in the form of the REST API, of its answers and of the events. */
export interface SeatForm {
  id: string;
  status: string;
  modified_at: string | null;
  email: string | null;
  member: Record<string, unknown> | null;
  customer_email: string | null;
  seat_metadata: Record<string, unknown>;
  [key: string]: unknown;
}

/** What GraphQL is asked of a seat: all that REST tells, but for the id of the member's customer. */
export const SEAT_FIELDS = `
  createdAt modifiedAt id subscriptionId orderId status customerId memberId
  member { id createdAt modifiedAt email name externalId role }
  email customerEmail invitationTokenExpiresAt claimedAt revokedAt metadata`;

/** A seat as GraphQL answers it. */
export interface GraphQLSeat {
  createdAt: string;
  modifiedAt: string | null;
  id: string;
  subscriptionId: string | null;
  orderId: string | null;
  status: string;
  customerId: string | null;
  memberId: string | null;
  member: GraphQLMember | null;
  email: string | null;
  customerEmail: string | null;
  invitationTokenExpiresAt: string | null;
  claimedAt: string | null;
  revokedAt: string | null;
  metadata: Record<string, unknown>;
}

/** Who lost a seat, as GraphQL answers it beside the seat. */
export interface FormerHolder {
  memberId: string | null;
  email: string | null;
}

interface GraphQLMember {
  id: string;
  createdAt: string;
  modifiedAt: string | null;
  email: string;
  name: string | null;
  externalId: string | null;
  role: string;
}

const time = (text: string | null) => timestampOrNull(text === null ? null : new Date(text));

/** The same seat in the form of the REST API. */
export function fromGraphQL(seat: GraphQLSeat): SeatForm {
  return {
    created_at: time(seat.createdAt),
    modified_at: time(seat.modifiedAt),
    id: seat.id,
    subscription_id: seat.subscriptionId,
    order_id: seat.orderId,
    status: seat.status.toLowerCase(),
    customer_id: seat.customerId,
    member_id: seat.memberId,
    member: seat.member && {
      id: seat.member.id,
      created_at: time(seat.member.createdAt),
      modified_at: time(seat.member.modifiedAt),
      email: seat.member.email,
      name: seat.member.name,
      external_id: seat.member.externalId,
      role: seat.member.role.toLowerCase(),
    },
    email: seat.email,
    customer_email: seat.customerEmail,
    invitation_token_expires_at: time(seat.invitationTokenExpiresAt),
    claimed_at: time(seat.claimedAt),
    revoked_at: time(seat.revokedAt),
    seat_metadata: seat.metadata,
  };
}

/** A seat's own facts, without who holds it. */
export function withoutHolder({ member: _, customer_email: __, ...facts }: SeatForm) {
  return facts;
}

/** Whether both tell of one holder; the member's customer is left out, as GraphQL leaves it out. */
export function hasSameHolder(a: SeatForm, b: SeatForm): boolean {
  const memberOf = ({ member }: SeatForm) =>
    JSON.stringify(member && { ...member, customer_id: undefined });
  return memberOf(a) === memberOf(b) && a.customer_email === b.customer_email;
}

/** Whether the seat, of an event, was held by this one. */
export function wasHeldBy({ memberId, email }: FormerHolder, seat: SeatForm): boolean {
  return (seat.member?.id ?? null) === memberId && seat.customer_email === email;
}

/** Which call assigned the seat to its present holder; it is kept with the seat. */
export function assigningCall({ seat_metadata }: Pick<SeatForm, 'seat_metadata'>): number {
  const { call } = seat_metadata;
  if (typeof call !== 'number') throw new Error('A seat that no call assigned.');
  return call;
}
