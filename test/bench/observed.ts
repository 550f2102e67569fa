import { openSync } from 'node:fs';
import { PLAN } from './data.ts';
import { openPostgres } from './database.ts';
import { startGenerator } from './generator.ts';
import { type Contender, type Figures, measure } from './measure.ts';
import { align } from './report.ts';
import { type ObservedKind, startObservedPair } from './servers.ts';
import { isWorkload, PLAIN_WORKLOADS, titleOf, type Workload } from './workloads.ts';

// What metrics and the access log cost: usher without and with both. Ends with 1 if a workload loses more than LIMIT.

const ROUNDS = 10;
const SECONDS = 0.5;
const WARM_UP_SECONDS = 3;
const LIMIT = 0.05;
/**
 * Two processes of one program differ by a tenth and more for as long as they live. So each process serves in both ways, and
 * only what it does in one way is compared with what it does in the other, right after it.
 */
const PROCESSES = 4;

const KINDS: readonly ObservedKind[] = ['without', 'with'];
type Pair = Record<ObservedKind, Figures>;

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

const asked = process.argv.slice(2);
const unknown = asked.filter(name => !isWorkload(name));
if (unknown.length > 0) throw new Error(`unknown workloads: ${unknown.join(', ')}`);
const workloads = asked.length > 0 ? asked.filter(isWorkload) : PLAIN_WORKLOADS;
const postgres = await openPostgres();
const database = await postgres.addDatabase('observed', PLAN);
const generator = startGenerator(database.data);

/** Measures a workload on one process, each time in both ways. */
async function compare(workload: Workload, pair: Record<ObservedKind, Contender>): Promise<Pair[]> {
  for (const kind of KINDS) await measure(pair[kind], workload, WARM_UP_SECONDS);
  const pairs: Pair[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? KINDS : KINDS.toReversed();
    const figures: Partial<Pair> = {};
    for (const kind of order) {
      figures[kind] = (await measure(pair[kind], workload, SECONDS)).figures;
    }
    pairs.push(figures as Pair);
  }
  return pairs;
}

/** Of each workload, for each process. */
const samples = new Map<Workload, Pair[][]>();
try {
  for (let number = 1; number <= PROCESSES; number += 1) {
    // What is started second is a little slower.
    const first = number % 2 === 0 ? 'with' : 'without';
    const servers = await startObservedPair(database.url, first, openSync('/dev/null', 'w'));
    const contender = { kind: 'usher', database, generator } as const;
    const pair = {
      without: { ...contender, name: `without ${number}`, server: servers.without },
      with: { ...contender, name: `with ${number}`, server: servers.with },
    };
    for (const workload of workloads) {
      process.stderr.write(`process ${number} of ${PROCESSES}, ${workload}\n`);
      samples.set(workload, [...(samples.get(workload) ?? []), await compare(workload, pair)]);
    }
    await servers.with.close();
  }
  const rows = [['', 'req/s without', 'with', 'CPU µs without', 'with', 'CPU more', 'req/s less']];
  for (const [workload, pairs] of samples) {
    const of = (kind: ObservedKind, key: keyof Figures) =>
      mean(pairs.map(ofProcess => median(ofProcess.map(pair => pair[kind][key] ?? NaN))));
    const ratio = (key: keyof Figures) =>
      mean(
        pairs.map(ofProcess =>
          median(ofProcess.map(pair => (pair.with[key] ?? NaN) / (pair.without[key] ?? NaN))),
        ),
      );
    const lost = 1 - ratio('requestsPerSecond');
    rows.push([
      `${workload}: ${titleOf(workload)}`,
      of('without', 'requestsPerSecond').toFixed(0),
      of('with', 'requestsPerSecond').toFixed(0),
      of('without', 'serverCpuUs').toFixed(0),
      of('with', 'serverCpuUs').toFixed(0),
      percent(ratio('serverCpuUs') - 1),
      percent(lost),
    ]);
    if (lost > LIMIT) process.exitCode = 1;
  }
  process.stdout.write(`${align(rows)}\n`);
} finally {
  await generator.close();
  await postgres.close();
}
