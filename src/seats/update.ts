import { requireSeatManager } from '../auth/access.ts';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import { inStoredOrder } from './metadata.ts';
import { noChanges } from './rules/changes.ts';
import { requireSeatFeature } from './rules/pool.ts';
import { requireSeat } from './rules/seat.ts';
import { changeSeats } from './store/change-seats.ts';
import { readSeatFacts, seatQueries } from './store/seat-facts.ts';
import type { SeatView } from './view.ts';

/** A change of a seat's data. */
export interface UpdateSeat {
  seatId: string;
  /** All data to store with the seat, in place of the present data; undefined to keep the present data. */
  metadata: Record<string, unknown> | undefined;
}

/**
 * Changes the data stored with a seat. A change without effect is not recorded. Throws Unauthenticated, NotPermitted,
 * ResourceNotFound, FeatureNotEnabled.
 */
export async function updateSeat(ctx: Ctx, { seatId, metadata }: UpdateSeat): Promise<SeatView> {
  const actor = requireSeatManager(ctx.actor);
  const queries = seatQueries(actor, [seatId], 'seats');
  const { seat, isChanged } = await changeSeats(ctx.sql, queries, looked => {
    const facts = requireSeat(actor, readSeatFacts(looked).get(seatId));
    requireSeatFeature(facts.pool.organization);
    const now = ctx.now();
    const stored = metadata && (inStoredOrder(metadata) as SeatView['metadata']);
    if (stored === undefined || isEqual(stored, facts.seat.metadata)) {
      return { now, changes: noChanges(), result: { seat: facts.seat, isChanged: false } };
    }
    const changed = { ...facts.seat, metadata: stored, modifiedAt: now };
    const by = recordActor(actor, ctx.channel);
    return {
      now,
      changes: {
        ...noChanges(),
        changedSeats: [changed],
        events: [{ type: 'customer_seat.updated', seat: changed, by }],
      },
      result: { seat: changed, isChanged: true },
    };
  });
  if (isChanged) ctx.changes.announce(seatId);
  return seat;
}

/** Whether two metadata are stored alike. */
function isEqual(a: SeatView['metadata'], b: SeatView['metadata']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
