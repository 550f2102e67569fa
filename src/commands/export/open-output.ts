import { constants, openSync } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

const READER_PAUSE_MS = 100;

/** Where an export is written. */
export interface Output {
  stream: Writable;
  /** Resolves once everything is written. Rejects if a write fails. */
  finish(): Promise<void>;
  /** Closes the output of an export that failed. */
  abandon(): Promise<void>;
}

/** Opens the standard output. */
export function openStandardOutput(): Output {
  const stream = process.stdout;
  return { stream, finish: () => flush(stream), abandon: async () => undefined };
}

/** Opens a file to write in place. For a named pipe, waits for a reader; throws the signal's reason if `signal` aborts. */
export async function openFile(path: string, signal: AbortSignal): Promise<Output> {
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isFIFO()) return await openPipe(path, signal);
  const stream = (await open(path, 'w')).createWriteStream();
  const close = async () => {
    stream.end();
    await finished(stream);
  };
  return { stream, finish: close, abandon: () => close().catch(() => undefined) };
}

/** Opens a named pipe without blocking: a program cannot exit while one of its threads waits for the reader. */
async function openPipe(path: string, signal: AbortSignal): Promise<Output> {
  const stream = new Socket({ fd: await openForReader(path, signal), readable: false });
  return {
    stream,
    async finish() {
      await flush(stream);
      stream.destroy();
    },
    abandon: async () => void stream.destroy(),
  };
}

async function openForReader(path: string, signal: AbortSignal): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      const hasNoReader = error instanceof Error && 'code' in error && error.code === 'ENXIO';
      if (!hasNoReader) throw error;
      await delay(READER_PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

function flush(stream: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write('', error => (error ? reject(error) : resolve()));
  });
}

/**
 * Opens a file that only the user can read. The file gets its name, and replaces an older file, once it is complete and on
 * the disk. An abandoned file leaves nothing behind. Anything other than a regular file, such as a pipe, is written in
 * place.
 */
export async function openPrivateFile(path: string, signal: AbortSignal): Promise<Output> {
  const target = await realpath(path).catch(() => path);
  const existing = await stat(target).catch(() => undefined);
  if (existing !== undefined && !existing.isFile()) return await openFile(target, signal);
  const incomplete = `${target}.${process.pid}.incomplete`;
  const file = await open(incomplete, 'wx', 0o600);
  const stream = file.createWriteStream({ flush: true });
  return {
    stream,
    async finish() {
      stream.end();
      await finished(stream);
      await rename(incomplete, target);
    },
    async abandon() {
      stream.destroy();
      await rm(incomplete, { force: true });
    },
  };
}
