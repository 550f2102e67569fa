import { createCheck } from './answers.ts';
import { callAs, callOf, toWire } from './calls.ts';
import { openConnection } from './connection.ts';
import { type BenchData, FRESH, type Owned } from './data.ts';
import { apiOf, clientOf, type Kind, WORKLOADS, type Workload } from './workloads.ts';

/** One run: which workload on which server for how long. */
export interface Job {
  url: string;
  kind: Kind;
  workload: Workload;
  connections: number;
  seconds: number;
  /** Keeps the e-mail addresses of two runs apart. */
  run: number;
}

/** What came of it. */
export interface Outcome {
  requests: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  failures: number;
  /** What was wrong first. */
  firstFailure?: string;
}

export type Order = { data: BenchData } | { job: Job };
export type Report = { outcome: Outcome } | { error: string };

/** Asks on every connection, one request after the other, until the time is over, and waits for the last answers. */
async function run(job: Job, data: BenchData): Promise<Outcome> {
  const { hostname, port, host } = new URL(job.url);
  const api = apiOf(job.kind, job.workload);
  if (!api) throw new Error(`${job.kind} knows no ${job.workload}.`);
  const { task } = WORKLOADS[job.workload];
  const draw = createDraw(job, data, host);
  const check = createCheck(api, task);
  const connections = await Promise.all(
    Array.from({ length: job.connections }, () => openConnection(hostname, Number(port))),
  );
  const latencies: number[] = [];
  const failures: string[] = [];
  const started = performance.now();
  const end = started + job.seconds * 1000;
  await Promise.all(
    connections.map(async connection => {
      for (let asked = performance.now(); asked < end; asked = performance.now()) {
        const { request, expected } = draw();
        const { status, body } = await connection.exchange(request);
        latencies.push(performance.now() - asked);
        const failure = check(status, body, expected);
        if (failure !== undefined) failures.push(failure);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  for (const connection of connections) connection.close();
  latencies.sort((a, b) => a - b);
  const percentile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    requests: latencies.length,
    seconds,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    failures: failures.length,
    ...(failures[0] !== undefined && { firstFailure: failures[0] }),
  };
}

interface Drawn {
  request: string | Buffer;
  /** What its answer has to hold. */
  expected: string;
}

/** Draws requests. What is only read is made ready beforehand, so that a request costs as little as it can. */
function createDraw({ kind, workload, run }: Job, data: BenchData, host: string): () => Drawn {
  const api = apiOf(kind, workload);
  if (!api) throw new Error(`${kind} knows no ${workload}.`);
  const { task, of } = WORKLOADS[workload];
  const targets = data[of];
  const client = clientOf(workload);
  const write = (target: Owned, email?: string) =>
    toWire(host, client ? callAs(client, target) : callOf(api, task, target, email));
  if (task === 'assign') {
    let count = 0;
    return () => {
      const email = `person-${run}-${count++}${FRESH}`;
      return { request: write(pick(targets), email), expected: email };
    };
  }
  const ready = targets.map(target => ({
    request: Buffer.from(write(target)),
    expected: task === 'subscription' ? '"seats":' : target.id,
  }));
  return () => pick(ready);
}

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to ask for.');
  return item;
}

let data: BenchData | undefined;

process.on('disconnect', () => process.exit());
process.on('message', async (order: Order) => {
  if ('data' in order) {
    data = order.data;
    return;
  }
  const report = await run(order.job, data ?? noData()).then(
    (outcome): Report => ({ outcome }),
    (error: unknown): Report => ({ error: error instanceof Error ? `${error.stack}` : `${error}` }),
  );
  process.send?.(report);
});

function noData(): never {
  throw new Error('The data have to come before the first job.');
}
