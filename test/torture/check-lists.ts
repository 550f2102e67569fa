import type { Call } from './calls.ts';
import type { Entry, Ledger } from './ledger.ts';
import { BrokenPromise } from './promise.ts';
import { assigningCall, type SeatForm } from './seat-form.ts';

/** That every list that was answered adds up, and shows each seat as it was at some moment after all that was answered before. */
export function checkLists(ledger: Ledger, calls: readonly Call[]): void {
  for (const call of calls) {
    if (call.ask.verb !== 'list' || call.answer.kind !== 'listed') continue;
    const { seats, available, total } = call.answer;
    const live = seats.filter(({ status }) => status !== 'revoked');
    // GraphQL reads the pool and its seats one after the other.
    const isOneMoment = call.api === 'rest';
    if (isOneMoment && (available + live.length !== total || available < 0)) {
      throw new BrokenPromise('available and live seats add up to those that were bought', {
        call,
      });
    }
    const holders = live.map(({ email }) => email?.toLowerCase());
    if (new Set(holders).size !== live.length) {
      throw new BrokenPromise('nobody has two live seats of a pool', { call });
    }
    const shown = new Map(seats.map(seat => [seat.id, seat]));
    const { pool } = call.ask;
    for (const [seatId, entries] of ledger) {
      if (entries[0]?.event.payload[`${pool.kind}_id`] !== pool.id) continue;
      const known = entries.findLastIndex(
        ({ call: doer }) => doer.answer.kind === 'done' && doer.endedAt < call.startedAt,
      );
      const seat = shown.get(seatId);
      if ((seat ? indexOf(entries, seat) : -1) < known) {
        const promise = 'a list shows what was answered before it was asked for';
        throw new BrokenPromise(promise, { call, seat, answered: entries[known] });
      }
      shown.delete(seatId);
    }
    if (shown.size > 0) {
      throw new BrokenPromise('a list shows seats with a history alone', {
        call,
        seats: [...shown],
      });
    }
  }
}

/** The last event after which the seat was as it is shown; throws where there is none. */
function indexOf(entries: readonly Entry[], seat: SeatForm): number {
  const index = entries.findLastIndex(
    ({ event: { payload } }) =>
      payload.status === seat.status &&
      payload.modified_at === seat.modified_at &&
      assigningCall(payload) === assigningCall(seat),
  );
  if (index === -1) {
    throw new BrokenPromise('a list shows seats as their events left them', { seat, entries });
  }
  return index;
}
