import { setImmediate } from 'node:timers/promises';

/** A repeatable source of random numbers (mulberry32). */
export interface Random {
  /** An integer from 0 to `below` - 1. */
  below(limit: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  shuffle<T>(items: readonly T[]): T[];
}

/** Returns the numbers of a seed, which are always the same. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick: items => items[below(items.length)] ?? items[0],
    shuffle(items) {
      const rest = [...items];
      return items.flatMap(() => rest.splice(below(rest.length), 1));
    },
  };
}

/** The seed of a run; the environment's SEED repeats a run. */
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));

/** Runs `round` `count` times, each with its own numbers; a failure names the seed that repeats it. */
export async function inRounds(
  count: number,
  round: (random: Random, index: number) => Promise<void>,
): Promise<void> {
  for (let index = 0; index < count; index++) {
    try {
      await round(randomOf(SEED + index), index);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Round ${index}, to be repeated with SEED=${SEED}: ${reason}`, { cause });
    }
  }
}

/** Starts all of `work` at about the same time, in a random order and at random intervals. */
export async function race<T>(random: Random, work: readonly (() => Promise<T>)[]): Promise<T[]> {
  const started: Promise<T>[] = [];
  for (const index of random.shuffle([...work.keys()])) {
    const start = work[index];
    if (!start) continue;
    for (let turns = random.below(40); turns > 0; turns--) await setImmediate();
    started[index] = start();
  }
  return await Promise.all(started);
}
