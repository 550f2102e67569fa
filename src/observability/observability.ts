import type { Logger } from 'pino';
import manifest from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../db/client.ts';
import type { StatementObserver } from '../db/observed-pool.ts';
import type { MailTransport } from '../mail/message.ts';
import type { Sender } from '../webhooks/send.ts';
import { createBacklogCache, readBacklog } from './backlog.ts';
import { createMetrics, shareMetrics } from './metrics.ts';
import { serveMetrics } from './metrics-server.ts';
import { observeMail, observeWebhooks } from './observe-deliveries.ts';
import { createOperationObserver, type OperationObserver } from './observe-operations.ts';
import { createRequestObserver, type RequestObserver } from './observe-requests.ts';
import { createStatementObserver } from './observe-statements.ts';
import type { Tracing } from './tracing.ts';

/** What a process shows of itself: metrics, the access log, slow statements and traces. */
export interface Observability {
  observeRequest: RequestObserver;
  observeOperation: OperationObserver;
  /** Returns the observer of the statements of a pool. */
  statements(pool: string): StatementObserver | undefined;
  /** Shows the connections of a pool in the metrics. */
  addPool(pool: string, database: Pick<Database, 'poolState'>): void;
  observeMail(transport: MailTransport): MailTransport;
  observeWebhooks(sender: Sender): Sender;
  /**
   * Serves the metrics and the health checks, if `METRICS_PORT` is set. A process of a cluster gives its metrics to its parent
   * instead. The backlog is read from the database at `url` over a connection of its own. Throws ListenError.
   */
  serve(url: string, ready: () => Promise<void>): Promise<Served>;
}

export interface ObservabilityOptions {
  config: Pick<Config, 'metrics' | 'accessLog' | 'slowStatementMs' | 'rateLimits'>;
  logger: Logger;
  tracing?: Tracing | undefined;
  /** Whether this is one of several processes, whose parent serves the metrics of all. */
  isChild?: boolean;
}

/** Metrics that are served, or not. */
export interface Served {
  /** Where this process serves them, if it does. */
  url?: string;
  close(): Promise<void>;
}

const SCRAPE_MS = 3_000;

/** Puts the parts together that the configuration asks for. */
export function createObservability(options: ObservabilityOptions): Observability {
  const { config, logger, tracing, isChild = false } = options;
  const { metrics: address, slowStatementMs: slowMs } = config;
  const metrics = address === undefined ? undefined : createMetrics(manifest.version);
  const parts = { metrics, tracing };
  return {
    observeRequest: createRequestObserver({
      ...parts,
      accessLog: config.accessLog ? logger : undefined,
      trustedProxies: config.rateLimits.trustedProxies,
    }),
    observeOperation: createOperationObserver(parts),
    statements: pool => createStatementObserver({ ...parts, pool, logger, slowMs }),
    addPool: (pool, database) => metrics?.addPool(pool, database.poolState),
    observeMail: transport => observeMail(transport, parts),
    observeWebhooks: sender => observeWebhooks(sender, parts),
    async serve(url, ready) {
      if (metrics === undefined || address === undefined) return { close: async () => undefined };
      const database = openDatabase(url, {
        poolSize: 1,
        applicationName: 'usher metrics',
        queryTimeoutMs: SCRAPE_MS,
        settings: { statement_timeout: `${SCRAPE_MS}ms` },
      });
      metrics.addBacklog(
        createBacklogCache(() => readBacklog(database.sql), { patienceMs: SCRAPE_MS }),
      );
      if (isChild) {
        shareMetrics(metrics);
        return { close: database.close };
      }
      try {
        const scrape = () => metrics.registry.metrics();
        const server = await serveMetrics({ ...address, metrics: scrape, ready });
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
    },
  };
}
