import { EventEmitter, once } from 'node:events';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { startDispatcher } from '../../src/events/dispatcher.ts';
import type { Job } from '../../src/events/job.ts';

const HOUR_MS = 60 * 60_000;
const logger = pino({ enabled: false });

/** Returns seat changes that the test announces. */
function changes() {
  const emitter = new EventEmitter();
  return {
    announce: () => void emitter.emit('change'),
    onAnyChange(listener: () => void) {
      emitter.on('change', listener);
      return () => void emitter.off('change', listener);
    },
  };
}

function job(run: Job['run'], { isUrgent = true, pollMs = HOUR_MS } = {}): Job {
  return { name: 'a job', isUrgent, pollMs, run };
}

test('a job runs again while it finds work, and on a change of a seat', async () => {
  const seats = changes();
  let found = 3;
  const run = vi.fn(async () => found-- > 0);
  const calm = vi.fn(async () => false);
  const dispatcher = startDispatcher([job(run), job(calm, { isUrgent: false })], {
    changes: seats,
    logger,
  });
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(4), { timeout: 10_000 });
  seats.announce();
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(5), { timeout: 10_000 });
  expect(calm).toHaveBeenCalledTimes(1);
  await dispatcher.close();
});

test('a change during a run starts another run', async () => {
  const seats = changes();
  const first = new EventEmitter();
  const run = vi.fn(async () => {
    if (run.mock.calls.length === 1) await once(first, 'finished');
    return false;
  });
  const dispatcher = startDispatcher([job(run)], { changes: seats, logger });
  seats.announce();
  first.emit('finished');
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2), { timeout: 10_000 });
  await dispatcher.close();
});

test('a failing job runs again and does not delay other jobs', async () => {
  const failing = vi.fn(async () => {
    throw new Error('The database is unreachable.');
  });
  const other = vi.fn(async () => false);
  const dispatcher = startDispatcher([job(failing, { pollMs: 1 }), job(other, { pollMs: 1 })], {
    changes: changes(),
    logger,
  });
  await vi.waitFor(() => expect(failing.mock.calls.length).toBeGreaterThan(2), { timeout: 10_000 });
  await vi.waitFor(() => expect(other.mock.calls.length).toBeGreaterThan(2), { timeout: 10_000 });
  await dispatcher.close();
});

test('closing waits for running work', async () => {
  const seats = changes();
  const work = new EventEmitter();
  let drained = false;
  const dispatcher = startDispatcher(
    [
      {
        ...job(async () => false),
        async drain() {
          await once(work, 'done');
          drained = true;
        },
      },
    ],
    { changes: seats, logger },
  );
  const closed = dispatcher.close();
  // The dispatcher drains the job asynchronously.
  await vi.waitFor(() => expect(work.listenerCount('done')).toBe(1), { timeout: 10_000 });
  work.emit('done');
  await closed;
  expect(drained).toBe(true);
});
