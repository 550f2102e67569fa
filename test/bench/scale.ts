import { findProgram } from '../support/debian-programs.ts';
import { KEPT_CONNECTIONS, startNginx } from '../support/nginx.ts';
import { countAssigned, PLAN, removeAssigned } from './data.ts';
import { openPostgres } from './database.ts';
import { startGenerator } from './generator.ts';
import { CONNECTIONS, VoidRun } from './measure.ts';
import { usageOf } from './processes.ts';
import { align } from './report.ts';
import { type Server, startServer } from './servers.ts';
import { titleOf, WORKLOADS, type Workload } from './workloads.ts';

// One server, and two on one database behind nginx: with requests by turns, and with all requests of a token to one server.
// The generator, nginx, the servers and PostgreSQL share the machine, so CPU time says more than throughput.

const ROUNDS = 3;
const SECONDS = 5;
const MEASURED: readonly Workload[] = ['W1', 'W2', 'W3', 'W3h', 'rest.list50'];
/** A hot subscription of each organization, so that they can be spread over the servers. */
const HOT_POOLS = 10;

// The generator keeps its connections to the end, and nginx would close each after 1,000 requests.
const BY_TURNS = {
  upstream: [...KEPT_CONNECTIONS.upstream, 'keepalive_requests 10000000;'],
  location: [...KEPT_CONNECTIONS.location, 'keepalive_requests 10000000;'],
};
const BY_TOKEN = {
  ...BY_TURNS,
  upstream: ['hash $http_authorization consistent;', ...BY_TURNS.upstream],
};

const tell = (message: string) => void process.stderr.write(`${message}\n`);

if (findProgram('nginx') === undefined) throw new Error('This bench needs nginx.');
const postgres = await openPostgres();
const database = await postgres.addDatabase('scale', {
  ...PLAN,
  hot: { pools: HOT_POOLS, seats: 0 },
});
const { client, postmaster } = database;
const generator = startGenerator(database.data);
const servers = [
  await startServer('usher', database.url),
  await startServer('usher', database.url),
] as const;
const [first] = servers;
const portOf = ({ url }: Server) => Number(new URL(url).port);
const proxies = {
  one: await startNginx([portOf(first)], BY_TURNS),
  turns: await startNginx(servers.map(portOf), BY_TURNS),
  token: await startNginx(servers.map(portOf), BY_TOKEN),
};

const SETUPS = {
  'one server': first.url,
  'one server, nginx': proxies.one.url,
  'two servers by turns': proxies.turns.url,
  'two servers by token': proxies.token.url,
};

interface Sample {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  serverCpuUs: number;
  postgresCpuUs: number;
}

async function measure(url: string, workload: Workload): Promise<Sample> {
  const cpu = async () => {
    const usages = await Promise.all([...servers.map(({ pid }) => pid), postmaster].map(usageOf));
    return usages.map(usage => usage?.cpuMicroseconds ?? Number.NaN);
  };
  const before = await cpu();
  const { requests, failures, firstFailure, seconds, p50Ms, p99Ms } = await generator.run({
    url,
    kind: 'usher',
    workload,
    seconds: SECONDS,
    connections: CONNECTIONS,
  });
  const [a = 0, b = 0, pg = 0] = (await cpu()).map((usage, i) => usage - (before[i] ?? 0));
  if (failures > 0) throw new VoidRun(`${failures} answers are wrong, the first: ${firstFailure}`);
  if (WORKLOADS[workload].task === 'assign') {
    const assigned = await countAssigned(client);
    if (assigned !== requests) {
      throw new VoidRun(`${requests} seats were assigned, and there are ${assigned}.`);
    }
    await removeAssigned(client);
  }
  return {
    requestsPerSecond: requests / seconds,
    p50Ms,
    p99Ms,
    serverCpuUs: (a + b) / requests,
    postgresCpuUs: pg / requests,
  };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

try {
  const rows = [['', 'req/s', 'p50 ms', 'p99 ms', 'servers CPU µs', 'pg CPU µs']];
  for (const workload of MEASURED) {
    const samples = new Map<string, Sample[]>();
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [name, url] of Object.entries(SETUPS)) {
        tell(`${workload}, round ${round} of ${ROUNDS}, ${name}`);
        const sample = await measure(url, workload);
        // The first round warms up.
        if (round > 0) samples.set(name, [...(samples.get(name) ?? []), sample]);
      }
    }
    rows.push([`${workload}: ${titleOf(workload)}`]);
    for (const [name, of] of samples) {
      const figure = (key: keyof Sample, digits = 0) =>
        median(of.map(sample => sample[key])).toFixed(digits);
      rows.push([
        `  ${name}`,
        figure('requestsPerSecond'),
        figure('p50Ms', 1),
        figure('p99Ms', 1),
        figure('serverCpuUs'),
        figure('postgresCpuUs'),
      ]);
    }
  }
  process.stdout.write(`${align(rows)}\n`);
} finally {
  for (const proxy of Object.values(proxies)) await proxy.stop();
  for (const server of servers) await server.close();
  await generator.close();
  await postgres.close();
}
