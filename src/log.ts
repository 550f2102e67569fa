import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { gatherLines } from './gather-lines.ts';

/** The paths of private data in errors: PostgreSQL quotes the row, and the driver attaches itself with its keys. */
const PRIVATE = [
  'err.client',
  'err.detail',
  'err.cause.detail',
  'err.meta.driverAdapterError.cause.detail',
];

/**
 * Opens the program's log: one line of JSON per entry. Errors contain no database rows. `fields` adds values to each entry.
 */
export function openLog(level: string, stream: DestinationStream, fields?: () => object): Logger {
  const redact = { paths: PRIVATE, remove: true };
  return pino({ level, redact, ...(fields && { mixin: fields }) }, stream);
}

const STDERR = 2;
/** Lines are written in blocks of this size. The rest is written within FLUSH_MS, and when the process ends. */
const GATHERED_BYTES = 65_536;
const FLUSH_MS = 100;
/** The size up to which POSIX writes to a pipe are atomic (PIPE_BUF), so that the lines of several processes do not mix. */
const ATOMIC_BYTES = 4_096;
/** If nothing reads the log, lines beyond this are dropped, so that the log does not exhaust the memory. */
const MOST_BYTES = 64 * 2 ** 20;

/** Opens standard error for the log. `pretty` is for people at a terminal. `isShared`: several processes write to it. */
export async function openStderr(
  format: 'json' | 'pretty',
  { isShared = false } = {},
): Promise<DestinationStream> {
  if (format === 'json') return openJson(isShared ? ATOMIC_BYTES : GATHERED_BYTES);
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

/** A stream of pino. */
interface JsonStream extends DestinationStream {
  /** Pino calls this after a line of level `fatal`. */
  flushSync(): void;
}

/** The file that pino opens in buffer mode. Pino's types cover only string mode. */
interface BufferFile {
  readonly destroyed: boolean;
  write(piece: Buffer): void;
  flushSync(): void;
}

function openJson(size: number): JsonStream {
  const file = destination({
    dest: STDERR,
    sync: false,
    contentMode: 'buffer',
    maxWrite: size,
    maxLength: MOST_BYTES,
  }) as unknown as BufferFile;
  const { write, flush } = gatherLines(piece => {
    if (!file.destroyed) file.write(piece);
  }, size);
  setInterval(flush, FLUSH_MS).unref();
  // Runs before pino closes the file on the same events.
  process.prependListener('beforeExit', flush);
  process.prependListener('exit', flush);
  return {
    write,
    flushSync() {
      flush();
      file.flushSync();
    },
  };
}
