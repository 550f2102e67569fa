import type { SeatUsage } from '../read/usage.ts';
import type { SeatView } from '../view.ts';

/** The usage of a pool's seats after a batch. */
export type UsageForecast = Pick<
  SeatUsage,
  'total' | 'available' | 'pending' | 'claimed' | 'overage'
>;

/** Returns the usage of a pool after these seats are assigned. */
export function forecast(
  { total, pending, claimed }: SeatUsage,
  given: readonly Pick<SeatView, 'status'>[],
): UsageForecast {
  const newlyClaimed = given.filter(({ status }) => status === 'claimed').length;
  const used = pending + claimed + given.length;
  return {
    total,
    available: Math.max(total - used, 0),
    pending: pending + given.length - newlyClaimed,
    claimed: claimed + newlyClaimed,
    overage: Math.max(used - total, 0),
  };
}
