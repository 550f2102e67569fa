import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Job } from './job.ts';
import type { SeatChanges } from './seat-changes.ts';

/** Runs the delivery jobs until it is closed. */
export interface Dispatcher {
  /** Starts no further work and waits at most 15 s for running work. */
  close(): Promise<void>;
}

const DRAIN_MS = 15_000;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Starts a dispatcher, which runs each job repeatedly: immediately after a run that may have left work, on a change of a
 * seat if the job is urgent, and otherwise after the job's poll interval. A failing job runs again with exponential backoff,
 * and does not affect the others.
 */
export function startDispatcher(
  jobs: readonly Job[],
  { changes, logger }: { changes: Pick<SeatChanges, 'onAnyChange'>; logger: Logger },
): Dispatcher {
  const stopping = new AbortController();
  const waiters = new Set<Waiter>();
  const wake = (isSelected: (job: Job) => boolean) => {
    for (const waiter of waiters) if (isSelected(waiter.job)) waiter.wake();
  };

  async function repeat(job: Job): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      // The waiter exists before the run, so that a change during the run starts another run.
      const waiter = createWaiter(job);
      waiters.add(waiter);
      try {
        const mayBeMore = await job.run(stopping.signal);
        failures = 0;
        if (mayBeMore) wake(other => other !== job && other.isUrgent);
        else await waiter.wait(job.pollMs);
      } catch (error) {
        failures += 1;
        logger.error({ err: error, job: job.name }, 'a job of the dispatcher failed');
        await pause(Math.min(job.pollMs * 2 ** failures, LONGEST_PAUSE_MS), stopping.signal);
      } finally {
        waiters.delete(waiter);
      }
    }
    await job.drain?.();
  }

  const unsubscribe = changes.onAnyChange(() => wake(job => job.isUrgent));
  const loops = Promise.all(jobs.map(repeat));

  return {
    async close() {
      unsubscribe();
      stopping.abort();
      wake(() => true);
      const deadline = new AbortController();
      await Promise.race([loops, pause(DRAIN_MS, deadline.signal)]);
      deadline.abort();
    },
  };
}

/** Wait of a job for its next run. A call of `wake` before `wait` ends the wait immediately. */
interface Waiter {
  job: Job;
  wake(): void;
  wait(ms: number): Promise<void>;
}

function createWaiter(job: Job): Waiter {
  const woken = new AbortController();
  return { job, wake: () => woken.abort(), wait: ms => pause(ms, woken.signal) };
}

/** Resolves after `ms` or when the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
