import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { gatherLines } from './gather-lines.ts';

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
const GATHERED_BYTES = 65_536;
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
  /** Pino calls it after a line of level `fatal`. */
  flushSync(): void;
}

/** What pino opens for buffers. Its types know the file for strings alone. */
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
  // Before pino ends the file at the same events.
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
