import { setTimeout as delay } from 'node:timers/promises';

/** How many mails a process sends in a second, by default. Providers start accounts with limits of 10 to 20. */
export const MAILS_PER_SECOND = 10;

const SECOND_MS = 1_000;

/** Limits how often something starts: no more than so many times within any second. */
export interface Pace {
  /** Waits until something may start, and returns how often it may start now. Returns 0 when it is stopped. */
  room(stop: AbortSignal): Promise<number>;
  /** Notes that something starts so many times now. */
  start(times: number): void;
}

/**
 * Returns a pace; without a limit for 0. nodemailer's own limit is deprecated, and exceeded by as many mails as it has
 * connections (nodemailer#1120, nodemailer#768).
 */
export function createPace(perSecond: number, clock = () => performance.now()): Pace {
  if (perSecond === 0) return { room: async () => Number.POSITIVE_INFINITY, start: () => {} };
  /** When something started within the last second, from oldest to newest. */
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
