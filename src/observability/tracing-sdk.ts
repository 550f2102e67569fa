import type { IncomingMessage } from 'node:http';
import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { summaryOf } from './summary-of.ts';
import type { TracedRequest, Tracing } from './tracing.ts';

const CLOSE_MS = 5_000;
const SERVER_ERROR = 500;

/** Starts OpenTelemetry, which reads its own `OTEL_*` variables. Spans go out over OTLP in batches. */
export function startTracing(): Tracing {
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'usher' }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  // Sets the context manager and the propagator of `traceparent` too.
  provider.register();
  const tracer = trace.getTracer('usher');

  function startRequest(request: IncomingMessage): TracedRequest {
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = tracer.startSpan('HTTP', { kind: SpanKind.SERVER }, parent);
    const within = trace.setSpan(parent, span);
    return {
      traceId: span.spanContext().traceId,
      run: work => context.with(within, work),
      end({ method, status, record }) {
        span.updateName(`${method} ${record.route}`);
        span.setAttributes({
          'http.request.method': method,
          'http.route': record.route,
          'http.response.status_code': status,
          'usher.request_id': record.id,
        });
        if (status >= SERVER_ERROR) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  return {
    startRequest,
    span(name, attributes, work, kind = 'internal') {
      const span = tracer.startSpan(name, {
        kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
        attributes,
      });
      return endWith(span, () => context.with(trace.setSpan(context.active(), span), work));
    },
    startStatement(text) {
      if (trace.getActiveSpan() === undefined) return undefined;
      const { kind, query } = summaryOf(text);
      const span = tracer.startSpan(kind, {
        kind: SpanKind.CLIENT,
        attributes: { 'db.system.name': 'postgresql', 'db.query.text': query },
      });
      return error => {
        if (error !== undefined) fail(span, error);
        span.end();
      };
    },
    bind: callback => bindTo(context.active(), callback),
    ids() {
      const current = trace.getActiveSpan()?.spanContext();
      return current === undefined ? {} : { traceId: current.traceId, spanId: current.spanId };
    },
    async close() {
      // An unreachable collector must not keep the process alive.
      const deadline = new Promise<void>(resolve => setTimeout(resolve, CLOSE_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), deadline]);
    },
  };
}

function bindTo<Arguments extends unknown[]>(
  active: Context,
  callback: (...args: Arguments) => void,
): (...args: Arguments) => void {
  return (...args) => context.with(active, () => callback(...args));
}

/** Runs the work, and ends the span when the work ends. */
function endWith<Result>(span: Span, work: () => Result): Result {
  try {
    const result = work();
    if (!(result instanceof Promise)) {
      span.end();
      return result;
    }
    const settled = result.then(
      value => {
        span.end();
        return value;
      },
      (error: unknown) => {
        fail(span, error);
        span.end();
        throw error;
      },
    );
    // The same promise, with the span's end in between.
    return settled as Result;
  } catch (error) {
    fail(span, error);
    span.end();
    throw error;
  }
}

/** Records that a span failed. The message of an error may quote a value, so only its name and code are recorded. */
function fail(span: Span, error: unknown): void {
  const type = error instanceof Error ? error.name : typeof error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  span.setAttribute('error.type', code ?? type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
