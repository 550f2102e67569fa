import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { createSampledWarning } from '../../src/observability/sampled-warning.ts';

const WINDOW_MS = 20;

function open() {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({}, { write: line => void lines.push(JSON.parse(line)) });
  return { lines, warn: createSampledWarning(logger, 'too busy', WINDOW_MS) };
}

test('a flood of one warning is one line immediately and one for each window, with their number', async () => {
  const { lines, warn } = open();
  for (let number = 1; number <= 1_000; number++) warn('same', { number });
  expect(lines).toMatchObject([{ level: 40, msg: 'too busy', number: 1 }]);
  expect(lines[0]).not.toHaveProperty('count');
  await vi.waitFor(() => expect(lines).toHaveLength(2));
  expect(lines[1]).toMatchObject({ level: 40, msg: 'too busy', number: 1_000, count: 999 });
});

test('the first warning after a quiet window is a line immediately', async () => {
  const { lines, warn } = open();
  await vi.waitFor(() => {
    const before = lines.length;
    warn('same', {});
    expect(lines).toHaveLength(before + 1);
    // Only once the window of the one before is over.
    expect(before).toBeGreaterThan(0);
  });
});

test('another warning is not counted with it, but warnings without end are', () => {
  const { lines, warn } = open();
  warn('one', {});
  warn('another', {});
  expect(lines).toHaveLength(2);
  for (let number = 0; number < 1_000; number++) warn(`key ${number}`, {});
  // A hundred, and one for all others.
  expect(lines).toHaveLength(101);
});
