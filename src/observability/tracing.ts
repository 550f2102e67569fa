import type { IncomingMessage } from 'node:http';
import type { RequestRecord, RequestSpan } from './request-record.ts';

/** The attributes of a span. */
type SpanAttributes = Readonly<Record<string, string | number>>;

/** Traces requests, if tracing is on. `tracing-sdk.ts` implements it with OpenTelemetry, which is loaded only then. */
export interface Tracing {
  /** Starts the span of a request. Its parent is the span that the `traceparent` header names. */
  startRequest(request: IncomingMessage): TracedRequest;
  /** Runs `work` in a span. The span ends when the result does, and records its error. */
  span<Result>(
    name: string,
    attributes: SpanAttributes,
    work: () => Result,
    kind?: 'internal' | 'client',
  ): Result;
  /**
   * Starts the span of an SQL statement within the current span. Returns a function that ends it; undefined without a
   * current span.
   */
  startStatement(text: string): ((error?: unknown) => void) | undefined;
  /** Returns a callback that runs within the current span. */
  bind<Arguments extends unknown[]>(
    callback: (...args: Arguments) => void,
  ): (...args: Arguments) => void;
  /** Returns the ids of the current span for a line of the log. */
  ids(): { traceId?: string; spanId?: string };
  /** Sends the remaining spans. */
  close(): Promise<void>;
}

export interface TracedRequest extends RequestSpan {
  end(outcome: { method: string; status: number; record: RequestRecord }): void;
}
