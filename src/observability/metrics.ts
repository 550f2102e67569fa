import { METHODS } from 'node:http';
import type pg from 'pg';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Actor } from '../auth/actor.ts';
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
  /** Adds the connections of a pool. */
  addPool(name: string, pool: pg.Pool): void;
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
  const statementSeconds = createFastHistogram(registry, {
    name: 'usher_database_statement_duration_seconds',
    help: 'Time from sending a statement to its result.',
    labelNames: ['pool', 'kind'],
    buckets: STATEMENT_SECONDS,
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
  const pools = new Map<string, pg.Pool>();
  for (const { name, help, of } of POOL) {
    new Gauge({
      name,
      help,
      labelNames: ['pool'],
      registers,
      collect() {
        for (const [pool, connections] of pools) this.set({ pool }, of(connections));
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
      observe(statementSeconds.seriesOf(pool, kind), ms / 1000);
      if (isSlow) slowStatements.inc({ pool });
    },
    countMail: outcome => mails.inc({ outcome }),
    countWebhook: outcome => webhooks.inc({ outcome }),
    addPool(name, pool) {
      slowStatements.inc({ pool: name }, 0);
      pools.set(name, pool);
    },
  };
}

const POOL: readonly { name: string; help: string; of: (pool: pg.Pool) => number }[] = [
  {
    name: 'usher_database_pool_connections',
    help: 'Open connections of the pool.',
    of: pool => pool.totalCount,
  },
  {
    name: 'usher_database_pool_idle_connections',
    help: 'Open connections that are not in use.',
    of: pool => pool.idleCount,
  },
  {
    name: 'usher_database_pool_waiting',
    help: 'Callers that wait for a connection.',
    of: pool => pool.waitingCount,
  },
  {
    name: 'usher_database_pool_max_connections',
    help: 'The largest number of connections.',
    of: pool => pool.options.max,
  },
];
