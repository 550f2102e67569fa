import type { Buckets, Key } from './buckets.ts';
import { TooManyRequests } from './too-many-requests.ts';

/** Limits how often callers may guess a secret wrongly. */
export interface Guesses {
  /**
   * Returns the result of `find`, and counts it as a wrong guess unless it is right. Throws TooManyRequests after too many
   * wrong guesses.
   */
  look<Found>(
    keys: readonly Key[],
    find: () => Promise<Found>,
    isRight: (found: Found) => Promise<boolean>,
  ): Promise<Found>;
  /** Throws TooManyRequests if `count` further wrong guesses would exceed the limit. */
  requireRoom(keys: readonly Key[], count: number): void;
  /** Counts a wrong guess. Throws TooManyRequests after too many. */
  count(keys: readonly Key[]): void;
}

/** The running lookups of one caller. Each reserves part of the quota until it proves right. */
interface UnderWay {
  count: number;
  waiting: (() => void)[];
}

const MESSAGE = 'Too many wrong tokens.';

/**
 * Returns a limit of wrong guesses. Right guesses are free: concurrent ones over the quota wait until others prove right.
 */
export function createGuesses(buckets: Buckets): Guesses {
  const underWay = new Map<string, UnderWay>();
  const { policy } = buckets;

  const tooMany = (keys: readonly Key[], wait: number, message = MESSAGE) =>
    new TooManyRequests(message, policy, wait, buckets.remaining(keys));

  function release(keys: readonly Key[], id: string, lookups: UnderWay, isWrong: boolean): void {
    lookups.count -= 1;
    if (!isWrong) buckets.giveBack(keys);
    if (lookups.count === 0) {
      underWay.delete(id);
      for (const wake of lookups.waiting.splice(0)) wake();
    } else if (!isWrong) {
      lookups.waiting.shift()?.();
    }
  }

  return {
    async look(keys, find, isRight) {
      const id = keys[0]?.id ?? '';
      for (;;) {
        const wait = buckets.take(keys);
        if (wait === 0) break;
        const others = underWay.get(id);
        if (others === undefined) throw tooMany(keys, wait);
        await new Promise<void>(resolve => void others.waiting.push(resolve));
      }
      const lookups = underWay.get(id) ?? { count: 0, waiting: [] };
      underWay.set(id, lookups);
      lookups.count += 1;
      let isWrong = false;
      try {
        const found = await find();
        isWrong = !(await isRight(found));
        return found;
      } finally {
        release(keys, id, lookups, isWrong);
      }
    },
    requireRoom(keys, count) {
      if (count > policy.limit) {
        const wait = buckets.wait(keys, policy.limit);
        const message = `A request can name at most ${policy.limit} invitations, and this one names ${count}.`;
        throw tooMany(keys, wait, message);
      }
      // Running lookups may still prove right.
      const wait = buckets.wait(keys, count - (underWay.get(keys[0]?.id ?? '')?.count ?? 0));
      if (wait > 0) throw tooMany(keys, wait);
    },
    count(keys) {
      const wait = buckets.take(keys);
      if (wait > 0) throw tooMany(keys, wait);
    },
  };
}
