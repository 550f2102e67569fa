import { openSync } from 'node:fs';
import { PLAN } from './data.ts';
import { openPostgres } from './database.ts';
import { startGenerator } from './generator.ts';
import type { Contender, Figures } from './measure.ts';
import { align } from './report.ts';
import { runRounds } from './rounds.ts';
import { startObserved } from './servers.ts';
import { PLAIN_WORKLOADS, titleOf } from './workloads.ts';

// What metrics and the access log cost: usher with both, and without. Ends with 1 if a workload loses more than LIMIT.

const ROUNDS = 7;
const SECONDS = 3;
const LIMIT = 0.05;

const ENVIRONMENTS = {
  without: { ACCESS_LOG: 'false', SLOW_STATEMENT_MS: '0' },
  with: { LOG_LEVEL: 'info', METRICS_PORT: '0' },
};

const tell = (message: string) => void process.stderr.write(`${message}\n`);

const postgres = await openPostgres();
const database = await postgres.addDatabase('observed', PLAN);
const generator = startGenerator(database.data);
const contenders: Contender[] = [];
for (const [name, environment] of Object.entries(ENVIRONMENTS)) {
  const server = await startObserved(database.url, openSync('/dev/null', 'w'), environment);
  contenders.push({ name, kind: 'usher', server, database, generator });
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

try {
  const options = {
    contenders,
    workloads: PLAIN_WORKLOADS,
    rounds: ROUNDS,
    seconds: SECONDS,
    tell,
  };
  const samples = await runRounds(options);
  const rows = [['', 'req/s without', 'with', 'CPU µs without', 'with', 'CPU more', 'req/s less']];
  for (const workload of PLAIN_WORKLOADS) {
    const of = (name: keyof typeof ENVIRONMENTS, key: keyof Figures) =>
      samples
        .filter(sample => sample.workload === workload && sample.contender === name)
        .map(({ figures }) => figures[key] ?? Number.NaN);
    // Runs of one round follow each other, so that they have the same neighbours on the machine.
    const ratio = (key: keyof Figures) => {
      const without = of('without', key);
      return median(of('with', key).map((value, round) => value / (without[round] ?? Number.NaN)));
    };
    const [cpu, throughput] = [ratio('serverCpuUs') - 1, 1 - ratio('requestsPerSecond')];
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    rows.push([
      `${workload}: ${titleOf(workload)}`,
      median(of('without', 'requestsPerSecond')).toFixed(0),
      median(of('with', 'requestsPerSecond')).toFixed(0),
      median(of('without', 'serverCpuUs')).toFixed(0),
      median(of('with', 'serverCpuUs')).toFixed(0),
      percent(cpu),
      percent(throughput),
    ]);
    if (throughput > LIMIT) process.exitCode = 1;
  }
  process.stdout.write(`${align(rows)}\n`);
} finally {
  for (const { server } of contenders) await server.close();
  await generator.close();
  await postgres.close();
}
