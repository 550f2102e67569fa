import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Job } from './job.ts';
import type { SeatChanges } from './seat-changes.ts';

/** What delivers events, until it is closed. */
export interface Dispatcher {
  /** Begins nothing new, and waits for what is under way, at most 15 s. */
  close(): Promise<void>;
}

const DRAIN_MS = 15_000;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Runs every job again and again: at once after a run that found something, when a seat changes, and else when its
 * time has come. A job that fails is tried again, more and more slowly; the others go on.
 */
export function startDispatcher(
  jobs: readonly Job[],
  { changes, logger }: { changes: Pick<SeatChanges, 'onAnyChange'>; logger: Logger },
): Dispatcher {
  const stopping = new AbortController();
  const sleepers = new Set<Sleeper>();
  const wake = (which: (job: Job) => boolean) => {
    for (const sleeper of sleepers) if (which(sleeper.job)) sleeper.wake();
  };

  async function repeat(job: Job): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      // What changes while the job runs is a reason to look again.
      const sleeper = fallAsleep(job);
      sleepers.add(sleeper);
      try {
        const mayBeMore = await job.run(stopping.signal);
        failures = 0;
        if (mayBeMore) wake(other => other !== job && other.isUrgent);
        else await sleeper.sleep(job.pollMs);
      } catch (error) {
        failures += 1;
        logger.error({ err: error, job: job.name }, 'a job of the dispatcher failed');
        await pause(Math.min(job.pollMs * 2 ** failures, LONGEST_PAUSE_MS), stopping.signal);
      } finally {
        sleepers.delete(sleeper);
      }
    }
    await job.drain?.();
  }

  const forget = changes.onAnyChange(() => wake(job => job.isUrgent));
  const loops = Promise.all(jobs.map(repeat));

  return {
    async close() {
      forget();
      stopping.abort();
      wake(() => true);
      const deadline = new AbortController();
      await Promise.race([loops, pause(DRAIN_MS, deadline.signal)]);
      deadline.abort();
    },
  };
}

/** One that waits until it is woken, which may happen before it has begun to wait. */
interface Sleeper {
  job: Job;
  wake(): void;
  sleep(ms: number): Promise<void>;
}

function fallAsleep(job: Job): Sleeper {
  const woken = new AbortController();
  return { job, wake: () => woken.abort(), sleep: ms => pause(ms, woken.signal) };
}

/** Resolves after so long, or as soon as the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
