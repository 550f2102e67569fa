import type { Logger } from 'pino';
import type { Sql } from './sql.ts';

/** The clock of the database, which all processes share. */
export interface DatabaseClock {
  now(): Date;
  /** Stops comparing. */
  close(): void;
}

export interface ClockOptions {
  /** How often the clocks are compared. */
  compareMs?: number;
  /** This machine's clock, in milliseconds. */
  local?: () => number;
}

const COMPARE_MS = 60_000;
/** The smallest difference that causes a warning. */
const SKEW_MS = 2_000;
/** A difference of this size between this machine's clocks means that one was set, or that the machine was suspended. */
const STEP_MS = 1_000;
const RETRY_MS = 1_000;

/** Returns the time of the database, for programs that need it only once. */
export async function readDatabaseTime(sql: Sql): Promise<Date> {
  const [row] = await sql.rows<{ databaseNow: Date }>(READ, []);
  return row?.databaseNow ?? new Date();
}

const READ = { name: '', text: 'SELECT clock_timestamp() AS "databaseNow"' };

/**
 * Returns the clock of the database, computed from this machine's clock. Compares the two now and every minute, so that
 * processes on machines whose clocks differ agree on leases, sessions and due times. If somebody sets this machine's clock,
 * the monotonic clock counts until the next comparison, which begins immediately. A suspension looks the same, and after it
 * the time is wrong until the database answers. Warns about a difference of two seconds or more. Rejects if the database
 * does not answer.
 */
export async function openDatabaseClock(
  sql: Sql,
  logger: Logger,
  { compareMs = COMPARE_MS, local = Date.now }: ClockOptions = {},
): Promise<DatabaseClock> {
  let aheadMs = 0;
  /** What the clocks of this machine showed at the last comparison. */
  let compared: Moment | undefined;
  /** The difference that the last warning was about. */
  let warnedMs = 0;
  let comparing: Promise<void> | undefined;
  let triedAt = 0;

  const moment = (): Moment => ({ local: local(), monotonic: performance.now() });
  /** By how much this machine's clock was set since the last comparison. */
  function stepSince(at: Moment): number {
    if (compared === undefined) return 0;
    const step = at.local - compared.local - (at.monotonic - compared.monotonic);
    return Math.abs(step) >= STEP_MS ? step : 0;
  }

  async function read(): Promise<void> {
    const sent = performance.now();
    const [row] = await sql.rows<{ databaseNow: Date }>(READ, []);
    const at = moment();
    if (row === undefined) return;
    // The answer came from some moment of the round trip.
    const halfTripMs = (at.monotonic - sent) / 2;
    const errorMs = halfTripMs + 1;
    const ahead = row.databaseNow.getTime() - (at.local - halfTripMs);
    const known = aheadMs - stepSince(at);
    // A slow answer is imprecise. The known difference stays unless the answer rules it out.
    const isTrue = compared !== undefined && Math.abs(ahead - known) <= errorMs;
    aheadMs = isTrue ? known : Math.abs(ahead) <= errorMs ? 0 : ahead;
    compared = at;
    if (Math.abs(aheadMs) < SKEW_MS) {
      warnedMs = 0;
    } else if (Math.abs(aheadMs - warnedMs) >= SKEW_MS) {
      warnedMs = aheadMs;
      logger.warn(
        { seconds: Math.round(aheadMs / 1000) },
        "this machine's clock differs from the database's, which usher goes by; synchronize both",
      );
    }
  }

  async function compare(): Promise<void> {
    triedAt = performance.now();
    comparing ??= read().finally(() => {
      comparing = undefined;
    });
    await comparing;
  }
  // The known difference stays until the database answers again.
  const compareLater = () => void compare().catch(() => undefined);

  await compare();
  const timer = setInterval(compareLater, compareMs);
  timer.unref();
  return {
    now() {
      const at = moment();
      const step = stepSince(at);
      if (step !== 0 && at.monotonic - triedAt >= RETRY_MS) compareLater();
      return new Date(at.local + aheadMs - step);
    },
    close() {
      clearInterval(timer);
    },
  };
}

/**
 * The time on both clocks of this machine, in milliseconds. Nobody can set the monotonic clock, but it stops while the
 * machine is suspended.
 */
interface Moment {
  local: number;
  monotonic: number;
}
