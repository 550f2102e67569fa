import { requireSeatReader } from '../../auth/access.ts';
import type { Ctx } from '../../context.ts';
import { requireSeatFeature } from '../rules/pool.ts';
import { NOT_FOUND, notFound } from '../source.ts';
import type { SeatView } from '../view.ts';
import { readAllSeats } from './page.ts';

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
  const source =
    (await ctx.seats.sourceOf(actor, input.kind, input.id)) ?? notFound(NOT_FOUND[input.kind]);
  requireSeatFeature(source.organization);
  const { kind, organizationId, id } = source;
  const seats = await readAllSeats(ctx.sql, { of: kind, organizationId, id });
  const live = seats.filter(seat => seat.status !== 'revoked').length;
  const totalSeats = source.seats ?? 0;
  return { seats, availableSeats: Math.max(0, totalSeats - live), totalSeats };
}
