import { setTimeout as delay } from 'node:timers/promises';

/** The default number of mails that a process sends in a second. Providers start accounts with limits of 10 to 20. */
export const MAILS_PER_SECOND = 10;

const SECOND_MS = 1_000;

/** Limits how many times something may start within any second. */
export interface Pace {
  /** Waits until something may start, and returns how many times it may start now. Returns 0 if `stop` aborts. */
  room(stop: AbortSignal): Promise<number>;
  /** Records that something starts this many times now. */
  start(times: number): void;
}

/**
 * Returns a pace; 0 means no limit. nodemailer's own limit is deprecated, and it is exceeded by as many mails as there are
 * connections (nodemailer#1120, nodemailer#768).
 */
export function createPace(perSecond: number, clock = () => performance.now()): Pace {
  if (perSecond === 0) return { room: async () => Number.POSITIVE_INFINITY, start: () => {} };
  /** The times of the starts within the last second, from oldest to newest. */
  let starts: number[] = [];
  const free = () => {
    const since = clock() - SECOND_MS;
    starts = starts.filter(start => start > since);
    return perSecond - starts.length;
  };
  return {
    async room(stop) {
      while (free() <= 0 && !stop.aborted) {
        const [oldest = 0] = starts;
        const ms = Math.ceil(oldest + SECOND_MS - clock());
        await delay(Math.max(1, ms), undefined, { signal: stop }).catch(() => undefined);
      }
      return stop.aborted ? 0 : free();
    },
    start(times) {
      for (let i = 0; i < times; i += 1) starts.push(clock());
    },
  };
}
