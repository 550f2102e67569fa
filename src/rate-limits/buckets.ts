import { LRUCache } from 'lru-cache';

/** A quota that refills evenly: all of `limit` at once, and `limit` again over each window. */
export interface Policy {
  /** What the header fields call it. */
  name: string;
  limit: number;
}

/** Whose quota something is taken from. */
export interface Key {
  id: string;
  /** How much of a cost counts here: a whole network has a larger quota than each of its addresses. */
  weight: number;
}

/** The quotas of many keys under one policy. */
export interface Buckets {
  readonly policy: Policy;
  /** Takes `cost` from every key, or nothing; answers 0, or in how many milliseconds there is enough. */
  take(keys: readonly Key[], cost?: number): number;
  /** In how many milliseconds there is enough for `cost`, of which at most the whole quota is asked for; takes nothing. */
  wait(keys: readonly Key[], cost?: number): number;
  giveBack(keys: readonly Key[], cost?: number): void;
  /** How much the first key has left. */
  remaining(keys: readonly Key[]): number;
}

/** The window of every policy, in seconds. */
export const WINDOW_S = 60;
const WINDOW_MS = WINDOW_S * 1000;

/** Past this many, those that were used longest ago are forgotten, and begin anew: memory stays bounded. */
const MOST_KEYS = 50_000;

/**
 * Token buckets (GCRA): one number a key, no timers, nothing asynchronous. `clock` counts milliseconds and should be
 * monotonic: a quota ends in the future, which must not move away.
 */
export function createBuckets(
  policy: Policy,
  clock: () => number,
  { mostKeys = MOST_KEYS } = {},
): Buckets {
  /** When each key's quota is whole again. */
  const wholeAt = new LRUCache<string, number>({ max: mostKeys });
  const unitMs = WINDOW_MS / policy.limit;

  function missing(keys: readonly Key[], cost: number, now: number): number {
    let longest = 0;
    for (const { id, weight } of keys) {
      const whole = Math.max(wholeAt.get(id) ?? now, now);
      longest = Math.max(longest, whole + cost * weight * unitMs - now - WINDOW_MS);
    }
    // Less than a microsecond is an error of rounding.
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
