import type { Logger } from 'pino';

const WINDOW_MS = 1_000;
const MOST_KEYS = 100;

/** Logs a warning, or counts it. Warnings with different keys are separate. */
export type SampledWarning = (key: string, fields: object) => void;

/**
 * Returns a function that logs the first warning of a key immediately, then one line per second, with the fields of the last
 * warning and the number of warnings in `count`. So an outage does not flood the log.
 */
export function createSampledWarning(
  logger: Logger,
  message: string,
  windowMs = WINDOW_MS,
): SampledWarning {
  const windows = new Map<string, { count: number; last: object }>();

  function endWindow(key: string): void {
    const { count, last } = windows.get(key) ?? { count: 0, last: {} };
    if (count === 0) {
      windows.delete(key);
      return;
    }
    logger.warn({ ...last, count }, message);
    startWindow(key);
  }

  function startWindow(key: string): void {
    windows.set(key, { count: 0, last: {} });
    setTimeout(() => endWindow(key), windowMs).unref();
  }

  return (given, fields) => {
    const key = windows.has(given) || windows.size < MOST_KEYS ? given : '';
    const open = windows.get(key);
    if (open === undefined) {
      logger.warn(fields, message);
      startWindow(key);
      return;
    }
    open.count += 1;
    open.last = fields;
  };
}
