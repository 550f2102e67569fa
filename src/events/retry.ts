const LONGEST_DELAY_MS = 20 * 60_000;

/** The number of attempts after which a delivery fails. */
export const MAX_ATTEMPTS = 10;

/**
 * Returns the delay after the n-th consecutive failure, in milliseconds: `baseMs` doubled n times, at most 20 minutes, minus
 * a random part of up to half. The random part spreads the retries of attempts that failed together. This is the reference's
 * rule.
 */
export function retryDelay(failures: number, baseMs: number): number {
  const longest = Math.min(baseMs * 2 ** failures, LONGEST_DELAY_MS);
  return Math.round(longest * (0.5 + Math.random() / 2));
}
