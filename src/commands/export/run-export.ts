import { once } from 'node:events';
import type { Config } from '../../config.ts';
import { type ConnectedDatabase, connectDatabase } from '../../database.ts';
import { openProgressLine } from '../progress-line.ts';
import type { Output } from './open-output.ts';

/** Yields the text of an export from the configured database. */
export type Work = (database: ConnectedDatabase) => AsyncGenerator<{
  text: string;
  /** The progress so far, such as `3 seats`. */
  done: string;
  /** Notes for the user when the export is done. */
  notes?: readonly string[];
}>;

/** Writes an export with backpressure from the output. Rejects once `signal` aborts. */
export async function runExport(
  work: Work,
  output: Output,
  { config, signal }: { config: Config; signal: AbortSignal },
): Promise<void> {
  const print = (message: string) => void process.stderr.write(`${message}\n`);
  const database = await connectDatabase(config, print, { stop: signal });
  const progress = openProgressLine(process.stderr);
  let last = { done: '', notes: [] as readonly string[] };
  try {
    for await (const { text, done, notes = [] } of work(database)) {
      signal.throwIfAborted();
      if (!output.stream.write(text)) {
        await once(output.stream, 'drain', { signal });
      }
      last = { done, notes };
      progress.show(`Exported ${done}`);
    }
    signal.throwIfAborted();
    await output.finish();
    progress.clear();
    process.stderr.write([`Exported ${last.done}`, ...last.notes, ''].join('\n'));
  } finally {
    progress.clear();
    await database.close();
  }
}

/** Returns a count with its noun: `1 seat`, `1,200 seats`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
