import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../auth/actor.ts';

/** What usher records about a request while it handles the request. */
export interface RequestRecord {
  /** Id of the request: the client's, if it sent a valid one in `X-Request-Id`, otherwise a new one. */
  readonly id: string;
  /** The pattern of the route, never the path: a path can contain an invitation token. */
  route: string;
  actor: Actor | undefined;
  /** The GraphQL operation, if one was executed. */
  operation: { type: string; name: string | undefined } | undefined;
  /** The codes of the errors in the response. */
  errors: string[] | undefined;
  /** The request's span, if traces are on. */
  readonly span: RequestSpan | undefined;
}

/** The span of a request. */
export interface RequestSpan {
  readonly traceId: string;
  /** Runs `work` within the span. What `work` awaits is within it too; listeners of events are not. */
  run<Result>(work: () => Result): Result;
}

/** Route of requests that no route answers. */
export const UNMATCHED = 'unmatched';

const RECORD = Symbol('record');

/** A property of the request itself. A WeakMap costs more at thousands of requests per second. */
type Recorded = IncomingMessage & { [RECORD]?: RequestRecord };

/** Starts the record of a request. */
export function record(request: IncomingMessage, span?: RequestSpan): RequestRecord {
  const started: RequestRecord = {
    id: requestIdOf(request.headers[REQUEST_ID_HEADER]),
    route: UNMATCHED,
    actor: undefined,
    operation: undefined,
    errors: undefined,
    span,
  };
  (request as Recorded)[RECORD] = started;
  return started;
}

/** Returns the record of a request; undefined if it did not come through the server. */
export function recordOf(request: IncomingMessage | undefined): RequestRecord | undefined {
  return (request as Recorded | undefined)?.[RECORD];
}

/** The header with the id of a request, in requests and responses. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Adds the id of a request to its response. */
export function showRequestId(request: IncomingMessage, response: ServerResponse): void {
  const noted = recordOf(request);
  if (noted !== undefined) response.setHeader(REQUEST_ID_HEADER, noted.id);
}

/** Records the code of an error in the response. */
export function noteError(noted: RequestRecord | undefined, code: string): void {
  if (noted === undefined) return;
  noted.errors ??= [];
  noted.errors.push(code);
}

/** Runs `work` within the span of a request, if it has one. */
export function withinSpan<Result>(
  request: IncomingMessage | undefined,
  work: () => Result,
): Result {
  const span = recordOf(request)?.span;
  return span === undefined ? work() : span.run(work);
}

const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
