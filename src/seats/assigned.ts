import { SEAT_WIDTH, type SeatRow, toSeat } from './seat-row.ts';
import type { SeatView } from './view.ts';

/** What is written of a seat that is assigned, and of its event, whoever gets it. */
export interface AssignedState {
  seatId: string;
  eventId: string;
  eventType: string;
  status: 'pending' | 'claimed';
  /** JSON. */
  metadata: string;
  at: Date;
  claimedAt: Date | null;
  invitationNonce: Uint8Array | null;
  invitationTokenHash: Uint8Array | null;
  invitationTokenExpiresAt: Date | null;
}

/** What became of an assignment; with nothing changed, unless it was made. */
export type Assigned =
  | { kind: 'assigned'; seat: SeatView; sendsInvitations: boolean }
  /** There is a revoked seat to be given again first. */
  | { kind: 'again'; revokedSeatId: string }
  /** The organization has not the member model, and was asked as if it had. */
  | { kind: 'memberless'; revokedSeatId: string | null }
  | { kind: 'refused' };

/** Reads a row of `SEAT_COLUMNS`, and what follows: whether the organization has the member model, whether it sends invitations, and the pool's oldest revoked seat. */
export function outcomeOf(row: readonly unknown[]): Assigned {
  const [hasMembers, sendsInvitations, revokedSeatId] = row.slice(SEAT_WIDTH) as [
    boolean,
    boolean,
    string | null,
  ];
  const seatId = row[1];
  if (seatId !== null) {
    return { kind: 'assigned', seat: toSeat(row as unknown as SeatRow), sendsInvitations };
  }
  if (!hasMembers) return { kind: 'memberless', revokedSeatId };
  return revokedSeatId === null ? { kind: 'refused' } : { kind: 'again', revokedSeatId };
}
