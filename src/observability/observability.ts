import type pg from 'pg';
import type { Logger } from 'pino';
import manifest from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import type { StatementObserver } from '../db/observed-pool.ts';
import type { MailTransport } from '../mail/message.ts';
import type { Sender } from '../webhooks/send.ts';
import { shareMetrics } from './cluster-metrics.ts';
import { createMetrics } from './metrics.ts';
import { observeMail, observeWebhooks } from './observe-deliveries.ts';
import { createOperationObserver, type OperationObserver } from './observe-operations.ts';
import { createRequestObserver, type RequestObserver } from './observe-requests.ts';
import { createStatementObserver } from './observe-statements.ts';
import { openMetrics } from './open-metrics.ts';
import type { Tracing } from './tracing.ts';

/** The observability of a process: metrics, the access log, slow statements and traces. */
export interface Observability {
  observeRequest: RequestObserver;
  observeOperation: OperationObserver;
  /** Returns the observer of the statements of a pool. */
  statements(pool: string): StatementObserver | undefined;
  /** Adds the connections of a pool to the metrics. */
  addPool(name: string, pool: pg.Pool): void;
  observeMail(transport: MailTransport): MailTransport;
  observeWebhooks(sender: Sender): Sender;
  /**
   * Serves the metrics and the health checks, if `METRICS_PORT` is set. A process of a cluster gives its metrics to its
   * parent instead. Reads the backlog from the database at `url` on a separate connection. Throws ListenError.
   */
  serve(url: string, ready: () => Promise<void>): Promise<Served>;
}

export interface ObservabilityOptions {
  config: Pick<Config, 'metrics' | 'accessLog' | 'slowStatementMs' | 'rateLimits'>;
  logger: Logger;
  tracing?: Tracing | undefined;
  /** The number of this process, if it is one of several. Their parent then serves the metrics of all. */
  processNumber?: string | undefined;
}

/** The running metrics server, if any. */
interface Served {
  /** The URL at which this process serves metrics, if it does. */
  url?: string;
  close(): Promise<void>;
}

const NOT_SERVED: Served = { close: async () => undefined };

/** Creates the parts that the configuration enables. */
export function createObservability(options: ObservabilityOptions): Observability {
  const { config, logger, tracing, processNumber } = options;
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
    addPool: (name, pool) => metrics?.addPool(name, pool),
    observeMail: transport => observeMail(transport, parts),
    observeWebhooks: sender => observeWebhooks(sender, parts),
    async serve(url, ready) {
      if (metrics === undefined || address === undefined) return NOT_SERVED;
      if (processNumber !== undefined) {
        shareMetrics(metrics, processNumber);
        return NOT_SERVED;
      }
      const ofProcesses = () => metrics.registry.metrics();
      return await openMetrics({ ...address, url, logger, ofProcesses, ready });
    },
  };
}
