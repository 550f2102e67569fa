import { parseArgs } from 'node:util';
import { ALL_WORKLOADS, CLIENT_WORKLOADS, isWorkload, type Workload } from './workloads.ts';

const USAGE = `npm run bench -- [--rounds N] [--seconds S] [--only clients,${ALL_WORKLOADS.join(',')}]
                 [--out FILE] [--chart FILE] [--growth] [--statements]`;

/** What a run of the bench is asked for. */
export interface Options {
  rounds: number;
  /** How long each run takes. */
  seconds: number;
  workloads: Workload[];
  /** Whether cold starts are measured: where no workload is named. */
  coldStarts: boolean;
  /** The file that the results go to, as JSON. */
  out: string | undefined;
  /** The file that the chart goes to, as SVG. */
  chart: string | undefined;
  /** Whether growing data and several processes are measured too. */
  growth: boolean;
  /** Whether the SQL statements are listed. */
  statements: boolean;
}

/** The command line asks for something that there is not. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line; throws UsageError. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      only: { type: 'string' },
      out: { type: 'string' },
      chart: { type: 'string' },
      growth: { type: 'boolean', default: false },
      statements: { type: 'boolean', default: false },
    },
  });
  const { rounds, seconds, only, out, chart, growth, statements } = values;
  const asked: readonly string[] = only?.split(',') ?? ALL_WORKLOADS;
  const expanded = asked.flatMap(name => (name === 'clients' ? CLIENT_WORKLOADS : name));
  const names = [...new Set<string>(expanded)];
  const workloads = names.filter(isWorkload);
  const isUnderstood =
    Number.isInteger(Number(rounds)) &&
    Number(rounds) > 0 &&
    Number(seconds) > 0 &&
    workloads.length === names.length;
  if (!isUnderstood) throw new UsageError(USAGE);
  return {
    rounds: Number(rounds),
    seconds: Number(seconds),
    workloads,
    coldStarts: only === undefined,
    out,
    chart,
    growth,
    statements,
  };
}
