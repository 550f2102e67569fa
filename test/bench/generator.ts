import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endProgram, startTalking } from './child.ts';
import type { BenchData } from './data.ts';
import type { Job, Order, Outcome, Report } from './load.ts';

/** The process that asks. */
export interface Generator {
  run(job: Omit<Job, 'run'>): Promise<Outcome>;
  close(): Promise<void>;
}

const LOAD = fileURLToPath(new URL('../../dist/bench/test/bench/load.js', import.meta.url));
const PATIENCE_MS = 30_000;

let runs = 0;

/** Starts one for a database. */
export function startGenerator(data: BenchData): Generator {
  const child = startTalking(LOAD);
  const tell = (order: Order) => void child.send(order);
  tell({ data });
  return {
    async run(job) {
      runs += 1;
      const signal = AbortSignal.timeout(job.seconds * 1000 + PATIENCE_MS);
      const reported = once(child, 'message', { signal });
      tell({ job: { ...job, run: runs } });
      // It sends nothing else.
      const [report] = (await reported) as [Report];
      if ('error' in report) throw new Error(`The load on ${job.kind} broke off: ${report.error}`);
      return report.outcome;
    },
    close: () => endProgram(child),
  };
}
