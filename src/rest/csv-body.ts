import type { Context } from 'hono';
import { allowSlowArrival } from '../http/arrival.ts';
import { BadRequest, Stopping } from './errors.ts';
import { type AppEnv, throwIncompleteBody } from './routing.ts';

/** The longest time between two parts of a file. */
const IDLE_MS = 60_000;
/** The same while the server stops. */
const STOPPING_MS = 1_000;

/** Error of a client that stops sending in the middle of a file. */
export class StalledFile extends BadRequest {
  constructor(ms: number) {
    super(`The client sent nothing for ${ms / 1000} s.`);
  }
}

/** Returns whether a content type is that of CSV. */
export function isCsv(contentType = ''): boolean {
  return /^\s*text\/csv\s*(?:;|$)/i.test(contentType);
}

/** The body of a request, which is read only as fast as its parts are taken. */
export interface UploadedFile {
  /** The parts. Throws StalledFile if none arrives in time, Stopping, and BadRequest if the client disconnects. */
  parts: AsyncIterable<Uint8Array>;
  /** Drops the parts that were not taken. Some clients read the answer only after they have sent everything. */
  skipRest(): Promise<void>;
}

/** Opens a body of any size. A part must arrive every 60 s at least. Throws BadRequest for an encoding other than UTF-8. */
export function openFile(
  c: Context<AppEnv>,
  stopping: AbortSignal,
  idleMs: number = IDLE_MS,
): UploadedFile {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(c.req.header('content-type') ?? '')?.[1];
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) {
    throw new BadRequest(`A CSV file has to be in UTF-8, not ${charset}.`);
  }
  if (c.env.incoming) allowSlowArrival(c.env.incoming);
  // Not cancelled at the end: that would close the connection before the answer is sent.
  const reader = c.req.raw.body?.getReader();
  async function* parts(): AsyncGenerator<Uint8Array> {
    while (reader !== undefined) {
      const { done, value } = await inTime(
        reader.read().catch(throwIncompleteBody),
        idleMs,
        stopping,
      );
      if (done) return;
      yield value;
    }
  }
  return {
    parts: parts(),
    async skipRest() {
      for await (const _ of parts());
    },
  };
}

async function inTime<Part>(
  reading: Promise<Part>,
  ms: number,
  stopping: AbortSignal,
): Promise<Part> {
  const ended = new AbortController();
  const failing = new Promise<never>((_, reject) => {
    const timers = [setTimeout(() => reject(new StalledFile(ms)), ms)];
    const stop = () => timers.push(setTimeout(() => reject(new Stopping()), STOPPING_MS));
    if (stopping.aborted) stop();
    stopping.addEventListener('abort', stop, { signal: ended.signal });
    ended.signal.addEventListener('abort', () => timers.forEach(clearTimeout));
  });
  try {
    return await Promise.race([reading, failing]);
  } finally {
    ended.abort();
  }
}
