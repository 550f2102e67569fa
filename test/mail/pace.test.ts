import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPace } from '../../src/mail/pace.ts';
import { range } from '../support/parallel.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { givenMail, openMail, startMailer } from './mailer.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const never = new AbortController().signal;

test('no second has more than its mails, whenever and however many want to be sent', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 1_500 }), mails: fc.nat(8) })),
      async (perSecond, moments) => {
        let now = 0;
        const pace = createPace(perSecond, () => now);
        const starts: number[] = [];
        for (const { afterMs, mails } of moments) {
          now += afterMs;
          // A process that has no room waits, until the first of the last second is a second ago.
          const recent = starts.filter(start => start > now - 1_000);
          if (recent.length >= perSecond) now = (recent[0] ?? 0) + 1_000;
          const room = await pace.room(never);
          expect(room).toBe(perSecond - starts.filter(start => start > now - 1_000).length);
          const started = Math.min(mails, room);
          pace.start(started);
          starts.push(...range(started).map(() => now));
        }
        for (const end of starts) {
          const within = starts.filter(start => start > end - 1_000 && start <= end);
          expect(within.length).toBeLessThanOrEqual(perSecond);
        }
      },
    ),
  );
});

test('0 is no limit', async () => {
  const pace = createPace(0);
  pace.start(1_000_000);
  expect(await pace.room(never)).toBe(Number.POSITIVE_INFINITY);
});

test('who waits for room stops waiting when it is told to', async () => {
  const pace = createPace(1);
  pace.start(1);
  const stop = new AbortController();
  const waiting = pace.room(stop.signal);
  stop.abort();
  expect(await waiting).toBe(0);
});

test('a mailer sends the mails of a batch at its pace, and all of them', async () => {
  for (const i of range(5)) await givenMail(usher, `p${i}@globex.example`);
  const { smtp, transport, close } = await openMail();
  const started = performance.now();
  await startMailer(usher, transport, { mailsPerSecond: 2 }).work();
  // Two in the first second, two in the next, and then the last. A timer may be a millisecond early.
  expect(performance.now() - started).toBeGreaterThan(1_990);
  expect(smtp.taken).toHaveLength(5);
  await close();
});
