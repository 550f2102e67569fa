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
/** From which difference on it is worth a warning. */
const SKEW_MS = 2_000;

/** Returns the time of the database, for what is done once. */
export async function readDatabaseTime(sql: Sql): Promise<Date> {
  const [row] = await sql.rows<{ databaseNow: Date }>(READ, []);
  return row?.databaseNow ?? new Date();
}

const READ = { name: '', text: 'SELECT clock_timestamp() AS "databaseNow"' };

/**
 * Returns the clock of the database, read by this machine's: they are compared now, and every minute. So processes on
 * machines whose clocks differ agree on leases, sessions and due times. Warns about a difference of two seconds or more.
 * Rejects if the database does not answer.
 */
export async function openDatabaseClock(
  sql: Sql,
  logger: Logger,
  { compareMs = COMPARE_MS, local = Date.now }: ClockOptions = {},
): Promise<DatabaseClock> {
  let aheadMs = 0;
  let isCompared = false;
  let isWarned = false;

  async function compare(): Promise<void> {
    const before = local();
    const [row] = await sql.rows<{ databaseNow: Date }>(READ, []);
    const after = local();
    if (row === undefined) return;
    // The answer came from some moment of the round trip.
    const errorMs = (after - before) / 2 + 1;
    const ahead = row.databaseNow.getTime() - (before + after) / 2;
    // A slow answer says little. What is known stays, unless it cannot be true any more.
    if (isCompared && Math.abs(ahead - aheadMs) <= errorMs) return;
    aheadMs = Math.abs(ahead) <= errorMs ? 0 : ahead;
    isCompared = true;
    const isSkewed = Math.abs(aheadMs) >= SKEW_MS;
    if (isSkewed && !isWarned) {
      const seconds = Math.round(aheadMs / 1000);
      logger.warn(
        { seconds },
        "this machine's clock differs from the database's, which usher goes by; synchronize both",
      );
    }
    isWarned = isSkewed;
  }

  await compare();
  const timer = setInterval(() => {
    // The last difference stays until the database answers again.
    void compare().catch(() => undefined);
  }, compareMs);
  timer.unref();
  return {
    now: () => new Date(local() + aheadMs),
    close() {
      clearInterval(timer);
    },
  };
}
