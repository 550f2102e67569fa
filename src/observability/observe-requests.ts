import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { createAddressReader, type TrustedProxies } from '../rate-limits/client-address.ts';
import { createAccessLog } from './access-log.ts';
import type { Metrics } from './metrics.ts';
import { record } from './request-record.ts';
import type { Tracing } from './tracing.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Observes a request until the end of its response. Calls `handle` to answer it. */
export type RequestObserver = (
  request: IncomingMessage,
  response: ServerResponse,
  handle: Handler,
) => void;

export interface RequestObserverOptions {
  /** The log that gets a line for each request; undefined for none. */
  accessLog?: Logger | undefined;
  trustedProxies?: TrustedProxies;
  metrics?: Metrics | undefined;
  tracing?: Tracing | undefined;
}

/** Status of a request whose client closed the connection before the response began. */
const CLIENT_CLOSED = 499;

/** Returns an observer that gives each request an id, and counts, logs and traces the request. */
export function createRequestObserver(options: RequestObserverOptions = {}): RequestObserver {
  const { metrics, tracing, trustedProxies = 0 } = options;
  const readAddress = createAddressReader(trustedProxies);
  const log = options.accessLog && createAccessLog(options.accessLog);
  const isObserved = log !== undefined || metrics !== undefined || tracing !== undefined;

  return (request, response, handle) => {
    const span = tracing?.startRequest(request);
    const noted = record(request, span);
    if (isObserved) {
      const started = performance.now();
      const client = log && readAddress(request);
      response.on('close', () => {
        const ms = performance.now() - started;
        const method = request.method ?? '';
        const status = response.headersSent ? response.statusCode : CLIENT_CLOSED;
        metrics?.countRequest(noted, method, status, ms);
        span?.end({ method, status, record: noted });
        log?.(noted, { method, status, ms, client, isAborted: !response.writableFinished });
      });
    }
    if (span === undefined) handle(request, response);
    else span.run(() => handle(request, response));
  };
}
