import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/webhooks/retry-after.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const HOUR_MS = 3_600_000;

test.each([
  ['120', 120_000],
  [' 120 ', 120_000],
  ['0', 0],
  ['3600', HOUR_MS],
  ['86400', HOUR_MS],
  ['9'.repeat(400), HOUR_MS],
  ['Thu, 26 Nov 2026 12:02:00 GMT', 120_000],
  ['Thu, 26 Nov 2026 11:00:00 GMT', 0],
  ['Fri, 31 Dec 2099 23:59:59 GMT', HOUR_MS],
  [undefined, 0],
  ['', 0],
  ['-5', 0],
  ['1.5', 0],
  ['1e9', 0],
  ['soon', 0],
  ['tomorrow GMT', 0],
])('Retry-After: %s', (text, ms) => {
  expect(retryAfterMs(text, NOW)).toBe(ms);
});
