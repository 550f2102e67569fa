const LONGEST_MS = 60 * 60_000;

/**
 * How many milliseconds a receiver asks to be left alone by `Retry-After` (RFC 9110, 10.2.3), in seconds or as a date; an
 * hour at the most, 0 where it does not say.
 */
export function askedToWait(retryAfter: string | undefined, now: Date): number {
  const text = retryAfter?.trim() ?? '';
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1000
    : / GMT$/.test(text)
      ? Date.parse(text) - now.getTime()
      : 0;
  return Math.min(Math.max(ms || 0, 0), LONGEST_MS);
}
