import { createPolar } from 'polar-sdk-1.0.1/2027-01';

/** Assigns a seat of a subscription, and counts the seats. */
export async function assignSeat(url: string, token: string, subscription: string, email: string) {
  const { customerSeats } = createPolar({ accessToken: token, baseUrl: url });
  const pool = { subscription_id: subscription };
  const seat = await customerSeats.assignSeat({ ...pool, email });
  const { seats, available_seats, total_seats } = await customerSeats.listSeats(pool);
  return { seat, seats, available_seats, total_seats };
}
