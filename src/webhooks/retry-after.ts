const LONGEST_MS = 60 * 60_000;

/**
 * Returns the delay of a `Retry-After` header (RFC 9110, 10.2.3) in milliseconds, at most an hour. The header has seconds or
 * a date. If it is missing or invalid, the delay is 0.
 */
export function retryAfterMs(retryAfter: string | undefined, now: Date): number {
  const text = retryAfter?.trim() ?? '';
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1000
    : / GMT$/.test(text)
      ? Date.parse(text) - now.getTime()
      : 0;
  return Math.min(Math.max(ms || 0, 0), LONGEST_MS);
}
