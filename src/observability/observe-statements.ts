import type { Logger } from 'pino';
import type { StatementObserver } from '../db/observed-pool.ts';
import type { Metrics } from './metrics.ts';
import { createSampledWarning } from './sampled-warning.ts';
import { kindOf, summaryOf } from './summary-of.ts';
import type { Tracing } from './tracing.ts';

export interface StatementOptions {
  /** Name of the pool in metrics and the log. */
  pool: string;
  logger: Logger;
  /** The minimum duration of a statement that is logged; 0 logs none. */
  slowMs: number;
  metrics: Metrics | undefined;
  tracing: Tracing | undefined;
}

/**
 * Returns an observer that measures and traces statements, and logs the text of slow ones, without values; undefined if all
 * are off.
 */
export function createStatementObserver(options: StatementOptions): StatementObserver | undefined {
  const { pool, logger, slowMs, metrics, tracing } = options;
  if (slowMs === 0 && metrics === undefined && tracing === undefined) return undefined;
  const warn = createSampledWarning(logger, 'a statement was slow');
  return {
    begin(text) {
      const started = performance.now();
      const endSpan = tracing?.startStatement(text);
      return error => {
        const ms = performance.now() - started;
        const isSlow = slowMs > 0 && ms >= slowMs;
        metrics?.countStatement(pool, kindOf(text), ms, isSlow);
        endSpan?.(error);
        if (!isSlow) return;
        const { query } = summaryOf(text);
        warn(query, {
          statement: query,
          ms: Math.round(ms),
          pool,
          ...(error !== undefined && { error: codeOf(error) }),
        });
      };
    },
    bind: tracing?.bind,
  };
}

/** Returns the SQLSTATE, or another code, of an error. Its message may quote values. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code) return String(error.code);
  return error instanceof Error ? error.name : 'unknown';
}
