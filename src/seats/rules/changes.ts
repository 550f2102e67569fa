import type { RecordedActor } from '../../auth/recorded-actor.ts';
import type { Member } from '../../db/generated/prisma/client.ts';
import type { SeatView } from '../view.ts';

/** The events of a seat: the vendors' three webhooks, and the resent invitation and changed data, which are usher's own. */
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
  /** Members who lose a claimed seat: the sessions that claims began end with the last one. */
  formerHolders: { organizationId: string; memberId: string }[];
  /** The resends of an invitation that count, with the hash of the newest one. */
  resends: { organizationId: string; seatId: string; times: Date[]; tokenHash: Uint8Array }[];
}

/** No changes, to add to. */
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
