import type { Logger } from 'pino';
import { openDatabase } from '../db/client.ts';
import { createBacklogCache, readBacklog } from './backlog.ts';
import { createBacklogMetrics } from './backlog-metrics.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';

export interface MetricsOptions {
  host: string;
  port: number;
  /** The database. Its backlog is read on a separate connection. */
  url: string;
  logger: Logger;
  /** Returns the metrics of the process, or of several. */
  ofProcesses: () => Promise<string>;
  /** Resolves if a process can serve requests. */
  ready: () => Promise<void>;
}

const SCRAPE_MS = 3_000;

/** Serves the metrics of processes and of their backlog, and health checks. Throws ListenError. */
export async function openMetrics(options: MetricsOptions): Promise<MetricsServer> {
  const { host, port, url, logger, ofProcesses, ready } = options;
  const database = openDatabase(url, {
    poolSize: 1,
    applicationName: 'usher metrics',
    queryTimeoutMs: SCRAPE_MS,
    settings: { statement_timeout: `${SCRAPE_MS}ms` },
  });
  const read = createBacklogCache(() => readBacklog(database.sql), { patienceMs: SCRAPE_MS });
  const backlog = createBacklogMetrics(read);
  const metrics = async () => (await Promise.all([ofProcesses(), backlog.metrics()])).join('\n');
  try {
    const server = await serveMetrics({ host, port, metrics, ready });
    logger.info({ url: `${server.url}/metrics` }, 'serving metrics');
    return {
      url: server.url,
      async close() {
        await server.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
