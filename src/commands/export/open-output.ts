import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Where an export is written. */
export interface Output {
  stream: Writable;
  /** Resolves once everything is written. Rejects if it cannot be. */
  finish(): Promise<void>;
  /** Closes the output of an export that failed. */
  abandon(): Promise<void>;
}

/** Opens the standard output. */
export function openStandardOutput(): Output {
  const stream = process.stdout;
  const flushed = () =>
    new Promise<void>((resolve, reject) => {
      stream.write('', error => (error ? reject(error) : resolve()));
    });
  return { stream, finish: flushed, abandon: async () => undefined };
}

/** Opens a file, which is written in place. */
export async function openFile(path: string): Promise<Output> {
  const stream = (await open(path, 'w')).createWriteStream();
  const close = async () => {
    stream.end();
    await finished(stream);
  };
  return { stream, finish: close, abandon: () => close().catch(() => undefined) };
}

/**
 * Opens a file that only the user can read. It gets its name once it is complete and on the disk, and replaces an older file
 * then; one that is abandoned leaves nothing behind. Something that is not a file, such as a pipe, is written in place.
 */
export async function openPrivateFile(path: string): Promise<Output> {
  const target = await realpath(path).catch(() => path);
  const existing = await stat(target).catch(() => undefined);
  if (existing !== undefined && !existing.isFile()) return await openFile(target);
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
