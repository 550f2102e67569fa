import { PLAN, type Plan } from './data.ts';
import type { BenchDatabase } from './database.ts';
import type { Contender, Figures } from './measure.ts';
import { align } from './report.ts';
import { medianFigures, type Ratio, ratioOf } from './results.ts';
import { runRounds, type Sample } from './rounds.ts';
import { PLAIN_WORKLOADS, type Workload } from './workloads.ts';

/** What may grow, from where to where, and what might feel it. */
const GROWTHS = [
  {
    name: 'seats',
    sizes: [10_000, 1_000_000],
    workloads: PLAIN_WORKLOADS,
    planOf: (seats: number): Plan => ({
      ...PLAN,
      small: { ...PLAN.small, pools: (seats - PLAN.large.seats) / PLAN.small.seats },
    }),
  },
  {
    name: 'seatsOfOneSubscription',
    sizes: [1, 50, 1_000],
    workloads: ['W2', 'W3h'],
    planOf: (seats: number): Plan => ({
      ...PLAN,
      large: { pools: 1, seats },
      hot: { pools: 1, seats },
    }),
  },
  {
    name: 'processes',
    sizes: [1, 2],
    workloads: PLAIN_WORKLOADS,
    planOf: (): Plan => PLAN,
    environmentOf: (processes: number) => ({ PROCESSES: String(processes) }),
  },
] as const satisfies readonly {
  name: string;
  sizes: readonly number[];
  workloads: readonly Workload[];
  planOf: (size: number) => Plan;
  environmentOf?: (size: number) => Record<string, string>;
}[];

/** usher's figures by size, and the requests a second at the largest for one at the smallest. */
interface Sizes {
  sizes: Record<string, Figures | undefined>;
  ratio: Ratio | undefined;
}

/** By what grows, by workload. */
export type Growth = Record<string, Partial<Record<Workload, Sizes>>>;

export interface GrowthOptions {
  addDatabase: (name: string, plan: Plan) => Promise<BenchDatabase>;
  /** Starts usher on a database, with further settings. */
  addContender: (
    name: string,
    database: BenchDatabase,
    environment: Record<string, string>,
  ) => Promise<Contender>;
  rounds: number;
  seconds: number;
  tell: (message: string) => void;
}

/** Measures usher on small and large data, and as one process and several, in turns, each on a database of its own. */
export async function measureGrowth(options: GrowthOptions): Promise<Growth> {
  const { addDatabase, addContender, rounds, seconds, tell } = options;
  const growth: Growth = {};
  for (const { name, sizes, workloads, planOf, ...others } of GROWTHS) {
    const contenders: Contender[] = [];
    for (const size of sizes) {
      tell(`loading ${name} ${size}`);
      const database = await addDatabase(`${name.toLowerCase()}_${size}`, planOf(size));
      const environment = 'environmentOf' in others ? others.environmentOf(size) : {};
      contenders.push(await addContender(String(size), database, environment));
    }
    const samples = await runRounds({ contenders, workloads, rounds, seconds, tell });
    growth[name] = Object.fromEntries(
      workloads.map(workload => [workload, compareSizes(samples, workload, sizes)]),
    );
  }
  return growth;
}

function compareSizes(samples: Sample[], workload: Workload, sizes: readonly number[]): Sizes {
  const runs = sizes.map(size =>
    samples.filter(sample => sample.workload === workload && sample.contender === String(size)),
  );
  return {
    sizes: Object.fromEntries(sizes.map((size, index) => [size, medianFigures(runs[index] ?? [])])),
    ratio: ratioOf(runs.at(-1) ?? [], runs[0] ?? []),
  };
}

/** As a table to be read. */
export function growthTable(growth: Growth): string {
  const rows = [['', 'req/s', 'CPU µs', 'pg CPU µs', 'p50 ms']];
  for (const [name, workloads] of Object.entries(growth)) {
    for (const [workload, { sizes, ratio }] of Object.entries(workloads)) {
      rows.push([`${workload} as ${name} grow: ${ratio?.median} × the requests`]);
      for (const [size, figures] of Object.entries(sizes)) {
        if (!figures) continue;
        const { requestsPerSecond, serverCpuUs, postgresCpuUs, p50Ms } = figures;
        rows.push([
          `  ${size}`,
          ...[requestsPerSecond, serverCpuUs, postgresCpuUs, p50Ms].map(value => `${value ?? '-'}`),
        ]);
      }
    }
  }
  return align(rows);
}
