import type { RecordedActor } from '../../auth/recorded-actor.ts';
import type { Member } from '../../db/generated/prisma/client.ts';
import type { SeatView } from '../view.ts';

/** The events of a seat: the vendors' three webhooks, and usher's own two for a resent invitation and for changed data. */
export type SeatEventType =
  | 'customer_seat.assigned'
  | 'customer_seat.claimed'
  | 'customer_seat.revoked'
  | 'customer_seat.invitation_resent'
  | 'customer_seat.updated';

/** Everything that a decision writes. */
export interface SeatChanges {
  customers: { organizationId: string; id: string; email: string; createdAt: Date }[];
  members: Member[];
  /** Members who get an external id. */
  linkedMembers: Member[];
  /** Seats with a new row. */
  newSeats: SeatView[];
  /** Seats whose row changes, as they are to be. */
  changedSeats: SeatView[];
  events: { type: SeatEventType; seat: SeatView; by: RecordedActor }[];
  /** Sessions that a claim begins, of a member or else of a customer. */
  sessions: {
    organizationId: string;
    customerId: string;
    memberId: string | null;
    id: string;
    tokenHash: Uint8Array;
    expiresAt: Date;
  }[];
  /** Members who lose a claimed seat. When they lose their last one, the sessions that claims started end. */
  formerHolders: { organizationId: string; memberId: string }[];
  /** The resends of an invitation that count against the limits, with the hash of its newest token. */
  resends: { organizationId: string; seatId: string; times: Date[]; tokenHash: Uint8Array }[];
}

/** Returns an empty set of changes to add to. */
export function noChanges(): SeatChanges {
  return {
    customers: [],
    members: [],
    linkedMembers: [],
    newSeats: [],
    changedSeats: [],
    events: [],
    sessions: [],
    formerHolders: [],
    resends: [],
  };
}
