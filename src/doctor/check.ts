import type { Config } from '../config.ts';

/** What a check found. */
export interface Finding {
  /** `problem`: something is wrong. `warning`: it works, but not well or not for long. */
  status: 'ok' | 'warning' | 'problem';
  /** The finding, in one sentence. */
  message: string;
  /** What to do about it. */
  action?: string;
  /** The statements that fix it, in order. */
  sql?: readonly string[];
}

/** The input of a check: the configuration, and a read-only snapshot of the database. */
export interface Look {
  config: Config;
  /** The database as usher connects to it. */
  url: string;
  /** Returns the rows of a query. Rejects after 10 seconds, or `timeoutMs`. */
  rows<Row extends object>(
    text: string,
    values?: readonly unknown[],
    options?: { timeoutMs?: number },
  ): Promise<Row[]>;
}

/** A check. Throws if it cannot run. */
export type Check = (look: Look) => Promise<Finding | readonly Finding[]>;

export const ok = (message: string): Finding => ({ status: 'ok', message });

export const warning = (message: string, action?: string): Finding => ({
  status: 'warning',
  message,
  ...(action !== undefined && { action }),
});

export const problem = (message: string, action?: string, sql?: readonly string[]): Finding => ({
  status: 'problem',
  message,
  ...(action !== undefined && { action }),
  ...(sql !== undefined && { sql }),
});

/** Returns a count with its noun, such as `1 mail` or `2,000 mails`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** Returns a duration in its largest unit, such as `3 hours`. */
export function duration(seconds: number): string {
  const [size, unit] = UNITS.find(([length]) => seconds >= length) ?? [1, 'second'];
  return counted(Math.floor(seconds / size), unit);
}
