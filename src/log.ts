import { type DestinationStream, destination, type Logger, pino } from 'pino';

/** Where an error carries what no log should: PostgreSQL quotes the row it is about, the driver itself with its keys. */
const PRIVATE = [
  'err.client',
  'err.detail',
  'err.cause.detail',
  'err.meta.driverAdapterError.cause.detail',
];

/** The program's log, a line of JSON for each entry. No error brings a row of the database into it. `fields` adds values to each entry. */
export function openLog(level: string, stream: DestinationStream, fields?: () => object): Logger {
  const redact = { paths: PRIVATE, remove: true };
  return pino({ level, redact, ...(fields && { mixin: fields }) }, stream);
}

const STDERR = 2;
/** Lines are written together. The rest follows within FLUSH_MS, and at the end of the process. */
const GATHERED_BYTES = 16_384;
const FLUSH_MS = 100;
/** What POSIX writes to a pipe whole (PIPE_BUF), so that the lines of several processes do not mix. */
const ATOMIC_BYTES = 4_096;
/** If nobody reads the log, lines beyond this are dropped, so that the log does not fill the memory. */
const MOST_BYTES = 64 * 2 ** 20;

/** Opens standard error for the log. `pretty` lines are for people at a terminal. `isShared` is for several processes that write to it. */
export async function openStderr(
  format: 'json' | 'pretty',
  { isShared = false } = {},
): Promise<DestinationStream> {
  if (format === 'json') {
    const maxWrite = isShared ? ATOMIC_BYTES : GATHERED_BYTES;
    return destination({
      dest: STDERR,
      sync: false,
      minLength: maxWrite - 1,
      maxWrite,
      periodicFlush: FLUSH_MS,
      maxLength: MOST_BYTES,
    });
  }
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    destination: STDERR,
    sync: true,
    singleLine: true,
    colorize: process.stderr.isTTY,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
  });
}
