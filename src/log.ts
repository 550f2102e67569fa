import { type DestinationStream, type Logger, pino } from 'pino';

/** Where PostgreSQL's errors quote the rows that they are about, e-mail addresses and all. */
const QUOTED_ROWS = ['err.detail', 'err.cause.detail', 'err.meta.driverAdapterError.cause.detail'];

/** The program's log, a line of JSON for each entry. No error brings a row of the database into it. */
export function openLog(level: string, stream: DestinationStream): Logger {
  return pino({ level, redact: { paths: QUOTED_ROWS, remove: true } }, stream);
}
