import type { Ctx } from '../context.ts';
import { requireSeatReader } from './access.ts';
import { findSource, requireSeatFeature, seatsIn } from './source.ts';
import { type SeatView, WITH_HOLDER } from './view.ts';

/** A pool's seats and how many it has. */
export interface SeatList {
  seats: SeatView[];
  availableSeats: number;
  totalSeats: number;
}

/**
 * All seats of a subscription or an order, revoked ones too, the oldest first.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, FeatureNotEnabled.
 */
export async function listSeats(
  ctx: Ctx,
  input: { kind: 'subscription' | 'order'; id: string },
): Promise<SeatList> {
  const actor = requireSeatReader(ctx.actor);
  const source = await findSource(ctx.db, actor, input);
  requireSeatFeature(source.organization);
  const seats = await ctx.db.customerSeat.findMany({
    where: seatsIn(source),
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: WITH_HOLDER,
  });
  const live = seats.filter(seat => seat.status !== 'revoked').length;
  const totalSeats = source.seats ?? 0;
  return { seats, availableSeats: Math.max(0, totalSeats - live), totalSeats };
}
