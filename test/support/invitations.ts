import { invitationToken } from '../../src/seats/invitation-token.ts';
import { SECRET_KEY, type TestUsher } from './usher.ts';

/** Returns the token of a pending seat's invitation, as in its mail. */
export async function tokenOf(usher: Pick<TestUsher, 'db'>, seatId: string): Promise<string> {
  const seat = await usher.db.customerSeat.findFirstOrThrow({ where: { id: seatId } });
  if (seat.invitationNonce === null) throw new Error(`The seat ${seatId} has no invitation.`);
  return invitationToken(SECRET_KEY, seat.id, seat.invitationNonce);
}
