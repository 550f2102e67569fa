import { METHODS } from 'node:http';
import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
} from 'prom-client';
import type { Actor } from '../auth/actor.ts';
import type { PoolState } from '../db/client.ts';
import type { Backlog } from './backlog.ts';
import { createFastCounter, createFastHistogram, observe } from './fast-metrics.ts';
import { createOperationNames } from './operation-names.ts';
import type { RequestRecord } from './request-record.ts';

/** Counts what usher does, for Prometheus. */
export interface Metrics {
  registry: Registry;
  countRequest(record: RequestRecord, method: string, status: number, ms: number): void;
  countOperation(
    actor: Actor,
    operation: { type: string; name: string | undefined; ms: number },
  ): void;
  countStatement(pool: string, kind: string, ms: number, isSlow: boolean): void;
  countMail(outcome: 'accepted' | 'failed'): void;
  countWebhook(outcome: 'accepted' | 'refused' | 'failed'): void;
  /** Shows the connections of a pool. */
  addPool(name: string, state: () => PoolState): void;
  /** Shows the backlog, read at each scrape; undefined while the database does not answer. */
  addBacklog(read: () => Promise<Backlog | undefined>): void;
}

const OPERATION_NAMES = 100;
const CLIENT_ERROR = 400;
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STATEMENT_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

const methods = new Set(METHODS);

/** Creates the metrics of a process, with those of Node.js. `version` is usher's. */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const build = new Gauge({
    name: 'usher_build_info',
    help: 'The running version. Always 1.',
    labelNames: ['version', 'node'],
    aggregator: 'max',
    registers,
  });
  build.set({ version, node: process.version }, 1);
  const requests = createFastCounter(registry, {
    name: 'usher_http_requests_total',
    help: 'HTTP requests that ended, by the pattern of their route.',
    labelNames: ['method', 'route', 'status'],
  });
  const requestSeconds = createFastHistogram(registry, {
    name: 'usher_http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its response.',
    labelNames: ['method', 'route'],
    buckets: REQUEST_SECONDS,
  });
  const operationSeconds = createFastHistogram(registry, {
    name: 'usher_graphql_operation_duration_seconds',
    help: 'Time of the execution of a GraphQL operation.',
    labelNames: ['type', 'operation'],
    buckets: REQUEST_SECONDS,
  });
  const errors = new Counter({
    name: 'usher_errors_total',
    help: 'Errors that clients got, by code; of REST, by status if the error has no code.',
    labelNames: ['api', 'code'],
    registers,
  });
  const statementSeconds = new Histogram({
    name: 'usher_database_statement_duration_seconds',
    help: 'Time from sending a statement to its result.',
    labelNames: ['pool', 'kind'],
    buckets: STATEMENT_SECONDS,
    registers,
  });
  const slowStatements = new Counter({
    name: 'usher_database_slow_statements_total',
    help: 'Statements that took SLOW_STATEMENT_MS or longer.',
    labelNames: ['pool'],
    registers,
  });
  const mails = new Counter({
    name: 'usher_mail_attempts_total',
    help: 'Mails that were handed to the mail server, and attempts that failed.',
    labelNames: ['outcome'],
    registers,
  });
  const webhooks = new Counter({
    name: 'usher_webhook_attempts_total',
    help: 'Attempts of webhook deliveries: accepted (2xx), refused (another status) or failed (no answer).',
    labelNames: ['outcome'],
    registers,
  });
  const pools = new Map<string, () => PoolState>();
  for (const [key, [name, help]] of Object.entries(POOL)) {
    new Gauge({
      name,
      help,
      labelNames: ['pool'],
      registers,
      collect() {
        for (const [pool, state] of pools) this.set({ pool }, state()[key as keyof PoolState]);
      },
    });
  }

  for (const outcome of ['accepted', 'failed']) mails.inc({ outcome }, 0);
  for (const outcome of ['accepted', 'refused', 'failed']) webhooks.inc({ outcome }, 0);
  const nameOf = createOperationNames(OPERATION_NAMES);
  const methodOf = (method: string) => (methods.has(method) ? method : 'other');

  return {
    registry,
    countRequest({ route, errors: codes }, given, status, ms) {
      const method = methodOf(given);
      requests.seriesOf(method, route, String(status)).count += 1;
      observe(requestSeconds.seriesOf(method, route), ms / 1000);
      const isRest = route.startsWith('/v1/');
      if (codes !== undefined) {
        for (const code of codes) errors.inc({ api: isRest ? 'rest' : 'graphql', code });
      } else if (isRest && status >= CLIENT_ERROR) {
        errors.inc({ api: 'rest', code: String(status) });
      }
    },
    countOperation(actor, { type, name, ms }) {
      observe(operationSeconds.seriesOf(type, nameOf(actor, name)), ms / 1000);
    },
    countStatement(pool, kind, ms, isSlow) {
      statementSeconds.observe({ pool, kind }, ms / 1000);
      if (isSlow) slowStatements.inc({ pool });
    },
    countMail: outcome => mails.inc({ outcome }),
    countWebhook: outcome => webhooks.inc({ outcome }),
    addPool(pool, state) {
      slowStatements.inc({ pool }, 0);
      pools.set(pool, state);
    },
    addBacklog: read => addBacklog(registry, read),
  };
}

const POOL = {
  total: ['usher_database_pool_connections', 'Open connections of the pool.'],
  idle: ['usher_database_pool_idle_connections', 'Open connections that are not in use.'],
  waiting: ['usher_database_pool_waiting', 'Callers that wait for a connection.'],
  max: ['usher_database_pool_max_connections', 'The largest number of connections.'],
} as const satisfies Record<keyof PoolState, readonly [string, string]>;

const BACKLOG = {
  events: ['usher_events_undispatched', 'Events whose deliveries and mails are not made yet.'],
  oldestEventSeconds: ['usher_events_oldest_undispatched_seconds', 'Age of the oldest of them.'],
  mails: ['usher_mails_pending', 'Mails that are due, or that failed and are attempted again.'],
  oldestMailSeconds: [
    'usher_mails_oldest_due_seconds',
    'Time since the oldest of them became due for the first time.',
  ],
  deliveries: ['usher_webhook_deliveries_pending', 'Webhook deliveries that are not finished.'],
  oldestDeliverySeconds: [
    'usher_webhook_deliveries_oldest_due_seconds',
    'Time that the longest due delivery has waited for its attempt.',
  ],
  disabledEndpoints: ['usher_webhook_endpoints_disabled', 'Webhook endpoints that are disabled.'],
} as const satisfies Record<keyof Backlog, readonly [string, string]>;

function addBacklog(registry: Registry, read: () => Promise<Backlog | undefined>): void {
  const registers = [registry];
  new Gauge({
    name: 'usher_database_up',
    help: 'Whether the database answers: 1 or 0.',
    // Of several processes, the one that does not reach it.
    aggregator: 'min',
    registers,
    async collect() {
      this.set((await read()) === undefined ? 0 : 1);
    },
  });
  for (const [key, [name, help]] of Object.entries(BACKLOG)) {
    new Gauge({
      name,
      help,
      // Each process reads the same rows.
      aggregator: 'max',
      registers,
      async collect() {
        const backlog = await read();
        // No value is better than an old one.
        if (backlog === undefined) this.remove();
        else this.set(backlog[key as keyof Backlog]);
      },
    });
  }
}

/** Makes the metrics of this process of a cluster available to its parent. */
export function shareMetrics({ registry }: Metrics): void {
  AggregatorRegistry.setRegistries(registry);
  new AggregatorRegistry();
}

/** Returns a function for the parent of a cluster that adds up the metrics of its processes. */
export function createClusterMetrics(): () => Promise<string> {
  const aggregator = new AggregatorRegistry();
  return () => aggregator.clusterMetrics();
}
