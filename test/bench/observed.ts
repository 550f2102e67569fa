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

const ROUNDS = 8;
const SECONDS = 0.5;
const WARM_UP_SECONDS = 3;
const LIMIT = 0.05;
/**
 * Of each kind. Two processes of one program differ by a tenth for as long as they live, because V8 optimizes each in its
 * own way. One server of each kind would measure that.
 */
const SERVERS = 3;

const ENVIRONMENTS = {
  without: { ACCESS_LOG: 'false', SLOW_STATEMENT_MS: '0' },
  with: { LOG_LEVEL: 'info', METRICS_PORT: '0' },
};
const KINDS = ['without', 'with'] as const;
type ObservedKind = (typeof KINDS)[number];

const tell = (message: string) => void process.stderr.write(`${message}\n`);

const postgres = await openPostgres();
const database = await postgres.addDatabase('observed', PLAN);
const generator = startGenerator(database.data);
const contenders: Contender[] = [];
const serversOf: Record<ObservedKind, string[]> = { without: [], with: [] };
for (let number = 1; number <= SERVERS; number += 1) {
  for (const observed of KINDS) {
    const name = `${observed} ${number}`;
    const log = openSync('/dev/null', 'w');
    const server = await startObserved(database.url, log, ENVIRONMENTS[observed]);
    serversOf[observed].push(name);
    contenders.push({ name, kind: 'usher', server, database, generator });
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

try {
  const options = {
    contenders,
    workloads: PLAIN_WORKLOADS,
    rounds: ROUNDS,
    seconds: SECONDS,
    warmUpSeconds: WARM_UP_SECONDS,
    tell,
  };
  const samples = await runRounds(options);
  const rows = [['', 'req/s without', 'with', 'CPU µs without', 'with', 'CPU more', 'req/s less']];
  for (const workload of PLAIN_WORKLOADS) {
    const of = (kind: ObservedKind, key: keyof Figures) =>
      mean(
        serversOf[kind].map(server =>
          median(
            samples
              .filter(sample => sample.workload === workload && sample.contender === server)
              .map(({ figures }) => figures[key] ?? Number.NaN),
          ),
        ),
      );
    const [withoutCpu, withCpu] = [of('without', 'serverCpuUs'), of('with', 'serverCpuUs')];
    const [withoutRate, withRate] = [
      of('without', 'requestsPerSecond'),
      of('with', 'requestsPerSecond'),
    ];
    const lost = 1 - withRate / withoutRate;
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    rows.push([
      `${workload}: ${titleOf(workload)}`,
      withoutRate.toFixed(0),
      withRate.toFixed(0),
      withoutCpu.toFixed(0),
      withCpu.toFixed(0),
      percent(withCpu / withoutCpu - 1),
      percent(lost),
    ]);
    if (lost > LIMIT) process.exitCode = 1;
  }
  process.stdout.write(`${align(rows)}\n`);
} finally {
  for (const { server } of contenders) await server.close();
  await generator.close();
  await postgres.close();
}
