import { Spaire } from 'spaire-sdk';

/** Assigns a seat of a subscription, and counts the seats. */
export async function assignSeat(url: string, token: string, subscription: string, email: string) {
  const { customerSeats } = new Spaire({ accessToken: token, serverURL: url });
  const pool = { subscriptionId: subscription };
  const seat = await customerSeats.assignSeat({ ...pool, email });
  const { seats, availableSeats, totalSeats } = await customerSeats.listSeats(pool);
  return { seat, seats, availableSeats, totalSeats };
}
