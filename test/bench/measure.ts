import { countAssigned, removeAssigned } from './data.ts';
import type { BenchDatabase } from './database.ts';
import type { Generator } from './generator.ts';
import { usageOf } from './processes.ts';
import type { Server } from './servers.ts';
import { type Kind, WORKLOADS, type Workload } from './workloads.ts';

/** A server that is measured, on its database. */
export interface Contender {
  /** What it is called in the results. */
  name: string;
  kind: Kind;
  server: Server;
  database: BenchDatabase;
  generator: Generator;
}

/** What was measured in one run; null where the system does not tell. */
export interface Figures {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** The server's, for each request, in microseconds. */
  serverCpuUs: number | null;
  /** PostgreSQL's, all of its processes together, for each request, in microseconds. */
  postgresCpuUs: number | null;
  rssMb: number | null;
}

/** The number of concurrent requests. */
export const CONNECTIONS = 32;
const MEGABYTE = 2 ** 20;

/** Not every answer was as it should be. */
export class VoidRun extends Error {
  override readonly name = 'VoidRun';
}

/** Runs a workload on a server; throws VoidRun unless every answer was good, and every assigned seat is in the database. */
export async function measure(
  contender: Contender,
  workload: Workload,
  seconds: number,
): Promise<{ requests: number; figures: Figures }> {
  const { name, kind, server, database, generator } = contender;
  const before = await readings(contender);
  const { url } = server;
  const outcome = await generator.run({ url, kind, workload, seconds, connections: CONNECTIONS });
  const after = await readings(contender);
  const { requests, failures, firstFailure } = outcome;
  if (failures > 0) {
    throw new VoidRun(
      `${workload} on ${name}: ${failures} of ${requests} answers are wrong, the first of them: ${firstFailure}`,
    );
  }
  if (requests === 0) throw new VoidRun(`${workload} on ${name}: no answer.`);
  if (WORKLOADS[workload].task === 'assign') {
    const assigned = await countAssigned(database.client);
    if (assigned !== requests) {
      throw new VoidRun(
        `${workload} on ${name}: ${requests} seats were assigned, and there are ${assigned}.`,
      );
    }
    await removeAssigned(database.client);
  }
  const cpuOf = (part: 'server' | 'postgres') => {
    const [from, to] = [before[part]?.cpuMicroseconds, after[part]?.cpuMicroseconds];
    return from === undefined || to === undefined ? null : (to - from) / requests;
  };
  const figures = {
    requestsPerSecond: requests / outcome.seconds,
    p50Ms: outcome.p50Ms,
    p99Ms: outcome.p99Ms,
    serverCpuUs: cpuOf('server'),
    postgresCpuUs: cpuOf('postgres'),
    rssMb: after.server ? after.server.residentBytes / MEGABYTE : null,
  };
  return { requests, figures };
}

async function readings({ server, database }: Contender) {
  return { server: await usageOf(server.pid), postgres: await usageOf(database.postmaster) };
}
