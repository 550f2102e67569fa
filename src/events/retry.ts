const LONGEST_DELAY_MS = 20 * 60_000;

/** How often an event's delivery is attempted before it has failed. */
export const MOST_ATTEMPTS = 10;

/**
 * How long to wait after the n-th failure in a row, in milliseconds: `baseMs` doubled n times, 20 minutes at the most,
 * less up to half of it by chance, so that what failed together is not attempted together. The reference's rule.
 */
export function retryDelay(failures: number, baseMs: number): number {
  const longest = Math.min(baseMs * 2 ** failures, LONGEST_DELAY_MS);
  return Math.round(longest * (0.5 + Math.random() / 2));
}
