import type { InvitedSeat } from '../seats/invitation/invitation-link.ts';
import { representSeat } from '../seats/view.ts';

/** Returns a seat in the vendors' form, with the invitation link as a 16th key if usher does not mail it. */
export function representInvited(seat: InvitedSeat) {
  const link = seat.invitationUrl !== null && { invitation_url: seat.invitationUrl };
  return { ...representSeat(seat), ...link };
}
