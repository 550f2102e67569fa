import { requireSeatReader } from '../../auth/access.ts';
import type { Ctx } from '../../context.ts';
import { requireSeatFeature } from '../rules/pool.ts';
import { NOT_FOUND, notFound, type SeatSource } from '../source.ts';
import type { SeatView } from '../view.ts';
import { allSeats } from './all-seats.ts';
import { readAllSeats } from './page.ts';

/** A pool's seats and how many it has. */
export interface SeatList {
  seats: SeatView[];
  availableSeats: number;
  totalSeats: number;
}

/** The pool whose seats are listed. */
export interface ListedPool {
  kind: 'subscription' | 'order';
  id: string;
}

/**
 * Returns all seats of a subscription or an order, including revoked ones, the oldest first. Throws Unauthenticated,
 * NotPermitted, ResourceNotFound, FeatureNotEnabled.
 */
export async function listSeats(ctx: Ctx, input: ListedPool): Promise<SeatList> {
  const source = await requireListed(ctx, input);
  const { kind, organizationId, id } = source;
  const seats = await readAllSeats(ctx.sql, { of: kind, organizationId, id });
  const live = seats.filter(seat => seat.status !== 'revoked').length;
  const totalSeats = source.seats ?? 0;
  return { seats, availableSeats: Math.max(0, totalSeats - live), totalSeats };
}

/**
 * Returns the seats of `listSeats` in pages, for lists of any length: see `allSeats`. Throws what `listSeats` throws, before
 * the first page.
 */
export async function listSeatPages(
  ctx: Ctx,
  input: ListedPool,
): Promise<AsyncGenerator<SeatView[]>> {
  const { kind, organizationId, id } = await requireListed(ctx, input);
  return allSeats(ctx.sql, { of: kind, organizationId, id });
}

async function requireListed(ctx: Ctx, { kind, id }: ListedPool): Promise<SeatSource> {
  const actor = requireSeatReader(ctx.actor);
  const source = (await ctx.seats.sourceOf(actor, kind, id)) ?? notFound(NOT_FOUND[kind]);
  requireSeatFeature(source.organization);
  return source;
}
