import { LRUCache } from 'lru-cache';

/** A quota of `limit` per window. It allows bursts of `limit` and refills evenly. */
export interface Policy {
  /** Name in the header fields. */
  name: string;
  limit: number;
}

/** Key of a quota. */
export interface Key {
  id: string;
  /** Factor of costs. A network has a lower weight than an address, and so a larger quota. */
  weight: number;
}

/** Quotas of many keys under one policy. */
export interface Buckets {
  readonly policy: Policy;
  /** Takes `cost` from all keys or from none. Returns 0, or the milliseconds until there is enough. */
  take(keys: readonly Key[], cost?: number): number;
  /** Returns the milliseconds until there is enough for `cost`, capped at the quota. Takes nothing. */
  wait(keys: readonly Key[], cost?: number): number;
  giveBack(keys: readonly Key[], cost?: number): void;
  /** Returns the remaining quota of the first key. */
  remaining(keys: readonly Key[]): number;
}

/** The window of every policy, in seconds. */
export const WINDOW_S = 60;
const WINDOW_MS = WINDOW_S * 1000;

/** Maximum number of keys in memory. Beyond that, the least recently used keys are dropped and restart with a full quota. */
const MAX_KEYS = 50_000;

/**
 * Returns token buckets (GCRA) with one number per key, without timers or asynchronous work. `clock` counts milliseconds and
 * should be monotonic, because it is compared with times in the future.
 */
export function createBuckets(
  policy: Policy,
  clock: () => number,
  { mostKeys = MAX_KEYS } = {},
): Buckets {
  /** Time at which each key's quota is full again. */
  const wholeAt = new LRUCache<string, number>({ max: mostKeys });
  const unitMs = WINDOW_MS / policy.limit;

  function missing(keys: readonly Key[], cost: number, now: number): number {
    let longest = 0;
    for (const { id, weight } of keys) {
      const whole = Math.max(wholeAt.get(id) ?? now, now);
      longest = Math.max(longest, whole + cost * weight * unitMs - now - WINDOW_MS);
    }
    // Less than a microsecond is a rounding error.
    return longest < 0.001 ? 0 : longest;
  }

  function move(keys: readonly Key[], cost: number, now: number): void {
    for (const { id, weight } of keys) {
      const whole = Math.max(wholeAt.get(id) ?? now, now);
      wholeAt.set(id, Math.max(now, whole + cost * weight * unitMs));
    }
  }

  return {
    policy,
    take(keys, cost = 1) {
      const now = clock();
      const wait = missing(keys, cost, now);
      if (wait === 0) move(keys, cost, now);
      return wait;
    },
    wait: (keys, cost = 1) => missing(keys, Math.min(cost, policy.limit), clock()),
    giveBack(keys, cost = 1) {
      move(keys, -cost, clock());
    },
    remaining([key]) {
      const now = clock();
      const used = Math.max(0, ((key && wholeAt.get(key.id)) ?? now) - now) / unitMs;
      return Math.max(0, Math.floor(policy.limit - used + 1e-6));
    },
  };
}
