import type { Figures } from './measure.ts';
import type { Sample } from './rounds.ts';
import { clientOf, type Kind, PLAIN, type Workload } from './workloads.ts';

/** How many times the requests of another, from runs of the same round. */
export interface Ratio {
  median: number;
  min: number;
  max: number;
}

/** A server's medians, and what its requests take of the database. */
export interface Summary extends Figures {
  /** SQL statements for each request, BEGIN and COMMIT included. */
  statements: number;
}

/** The medians of all rounds; undefined where nothing of the kind was run. */
export function medianFigures(samples: readonly Sample[]): Figures | undefined {
  if (samples.length === 0) return undefined;
  const known = (read: (figures: Figures) => number | null) =>
    samples.map(({ figures }) => read(figures)).filter(value => value !== null);
  const middle = (read: (figures: Figures) => number | null) => {
    const values = known(read);
    return values.length === 0 ? null : round(median(values));
  };
  return {
    requestsPerSecond: middle(figures => figures.requestsPerSecond) ?? 0,
    p50Ms: middle(figures => figures.p50Ms) ?? 0,
    p99Ms: middle(figures => figures.p99Ms) ?? 0,
    serverCpuUs: middle(figures => figures.serverCpuUs),
    postgresCpuUs: middle(figures => figures.postgresCpuUs),
    rssMb: middle(figures => figures.rssMb),
  };
}

/** The paired ratio of the requests a second; undefined where the two were not run side by side. */
export function ratioOf(ones: readonly Sample[], others: readonly Sample[]): Ratio | undefined {
  const ratios = ones.flatMap(one =>
    others
      .filter(({ round }) => round === one.round)
      .map(other => one.figures.requestsPerSecond / other.figures.requestsPerSecond),
  );
  if (ratios.length === 0) return undefined;
  return {
    median: round(median(ratios)),
    min: round(Math.min(...ratios)),
    max: round(Math.max(...ratios)),
  };
}

/** The middle one, or the mean of the two that are. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[(sorted.length - 1) >> 1] ?? 0;
  const high = sorted[sorted.length >> 1] ?? 0;
  return (low + high) / 2;
}

/** To three digits. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** What one workload came to. */
export interface WorkloadResult {
  ratioToB?: Ratio | undefined;
  ratioToUntuned?: Ratio | undefined;
  untunedRatioToB?: Ratio | undefined;
  /** For what a client sends: usher's to itself, when it is asked plainly. */
  ratioToPlain?: Ratio | undefined;
  usher?: Summary | undefined;
  b?: Summary | undefined;
  untuned?: Summary | undefined;
}

/** How many statements a request takes on each server. */
export type StatementCounts = Partial<Record<Kind, number>>;

/** Puts a workload's runs together with the statements that were counted for each server. */
export function resultOf(
  workload: Workload,
  all: readonly Sample[],
  statements: StatementCounts,
): WorkloadResult {
  const runsOf = (kind: Kind, wanted: Workload) =>
    all.filter(sample => sample.workload === wanted && sample.contender === kind);
  const of = (kind: Kind) => runsOf(kind, workload);
  const isClient = clientOf(workload) !== undefined;
  const summaryOf = (kind: Kind) => {
    const figures = medianFigures(of(kind));
    return figures && { ...figures, statements: round(statements[kind] ?? 0) };
  };
  return {
    ratioToB: ratioOf(of('usher'), of('b')),
    ratioToUntuned: ratioOf(of('usher'), of('untuned')),
    untunedRatioToB: ratioOf(of('untuned'), of('b')),
    ratioToPlain: isClient ? ratioOf(of('usher'), runsOf('usher', PLAIN)) : undefined,
    usher: summaryOf('usher'),
    b: summaryOf('b'),
    untuned: summaryOf('untuned'),
  };
}

/** The workloads that were run, and what they came to. */
export type Results = Map<Workload, WorkloadResult>;

/** In the form of the file: REST and the clients under keys of their own. */
export function toJson(results: Results): Record<string, unknown> {
  const under = (prefix: string) =>
    Object.fromEntries(
      [...results]
        .filter(([workload]) => workload.startsWith(prefix))
        .map(([workload, result]) => [workload.slice(prefix.length), result]),
    );
  const plain = [...results].filter(([workload]) => !workload.includes('.'));
  return { ...Object.fromEntries(plain), rest: under('rest.'), clients: under('client.') };
}
