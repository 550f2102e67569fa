import { type DestinationStream, type Logger, pino } from 'pino';

/** Where an error carries what no log should: PostgreSQL quotes the row it is about, the driver itself with its keys. */
const PRIVATE = [
  'err.client',
  'err.detail',
  'err.cause.detail',
  'err.meta.driverAdapterError.cause.detail',
];

/** The program's log, a line of JSON for each entry. No error brings a row of the database into it. */
export function openLog(level: string, stream: DestinationStream): Logger {
  return pino({ level, redact: { paths: PRIVATE, remove: true } }, stream);
}
