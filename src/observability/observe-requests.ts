import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { idOf } from '../auth/recorded-actor.ts';
import { createAddressReader, type TrustedProxies } from '../rate-limits/client-address.ts';
import type { Metrics } from './metrics.ts';
import { type RequestRecord, record } from './request-record.ts';
import type { Tracing } from './tracing.ts';

/** Observes a request from here to the end of its response. Calls `handle` to answer it. */
export type RequestObserver = (
  request: IncomingMessage,
  response: ServerResponse,
  handle: () => void,
) => void;

export interface RequestObserverOptions {
  /** The log that gets a line for each request; undefined for none. */
  accessLog?: Logger | undefined;
  trustedProxies?: TrustedProxies;
  metrics?: Metrics | undefined;
  tracing?: Tracing | undefined;
}

/** Longest name of an operation in the log. */
const LONGEST_NAME = 100;

/** Status of a request whose client closed the connection before the response began. */
const CLIENT_CLOSED = 499;

/** Gives each request an id, which its response has in `X-Request-Id`, and then counts, logs and traces it. */
export function createRequestObserver(options: RequestObserverOptions = {}): RequestObserver {
  const { accessLog, metrics, tracing, trustedProxies = 0 } = options;
  const readAddress = createAddressReader(trustedProxies);
  const isObserved = accessLog !== undefined || metrics !== undefined || tracing !== undefined;

  return (request, response, handle) => {
    const span = tracing?.startRequest(request);
    const noted = record(request, span);
    response.setHeader('x-request-id', noted.id);
    if (isObserved) {
      const started = performance.now();
      const client = accessLog === undefined ? undefined : readAddress(request);
      response.once('close', () => {
        const ms = performance.now() - started;
        const method = request.method ?? '';
        const status = response.headersSent ? response.statusCode : CLIENT_CLOSED;
        metrics?.countRequest(noted, { method, status, ms });
        span?.end({ method, status, record: noted });
        if (accessLog === undefined) return;
    const line = accessLine(noted, { method, status, ms, client });
        if (!response.writableFinished) line.isAborted = true;
        if (isProbe(noted)) accessLog.debug(line, 'request');
        else accessLog.info(line, 'request');
      });
    }
    if (span === undefined) handle();
    else span.run(handle);
  };
}

interface AccessLine {
  method: string;
  route: string;
  status: number;
  ms: number;
  requestId: string;
  traceId?: string;
  client?: string | undefined;
  actor?: string;
  actorId?: string;
  organizationId?: string;
  operation?: string;
  errors?: string[];
  isAborted?: true;
}

function accessLine(
  { id, route, actor, operation, errors, span }: RequestRecord,
  {
    method,
    status,
    ms,
    client,
  }: { method: string; status: number; ms: number; client?: string | undefined },
): AccessLine {
  const line: AccessLine = {
    method,
    route,
    status,
    ms: Math.round(ms * 100) / 100,
    requestId: id,
    client,
  };
  if (span !== undefined) line.traceId = span.traceId;
  if (actor !== undefined) {
    line.actor = actor.kind;
    if (actor.kind !== 'anonymous') {
      line.actorId = idOf(actor);
      if (actor.kind !== 'user') line.organizationId = actor.organizationId;
    }
  }
  if (operation !== undefined) {
    line.operation = operation.name?.slice(0, LONGEST_NAME) ?? operation.type;
  }
  if (errors !== undefined) line.errors = [...new Set(errors)];
  return line;
}

function isProbe({ route }: RequestRecord): boolean {
  return route.startsWith('/health/');
}
