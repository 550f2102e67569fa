import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { STOP_SIGNALS } from '../stop-signals.ts';
import { CommandError } from './run-command.ts';

/** How long stopped work may take to clean up. */
const GRACE_MS = 5_000;

/**
 * Aborts on SIGINT, SIGTERM or SIGHUP with a CommandError that names the signal; `consequence` says what that means for the work.
 * `forget` stops listening.
 */
export function listenForSignals(consequence = ''): {
  stop: AbortController;
  forget: () => void;
} {
  const stop = new AbortController();
  const interrupt = (signal: NodeJS.Signals) =>
    stop.abort(new CommandError(`Stopped by ${signal}${consequence}`));
  for (const signal of STOP_SIGNALS) process.on(signal, interrupt);
  return {
    stop,
    forget() {
      for (const signal of STOP_SIGNALS) process.off(signal, interrupt);
    },
  };
}

/**
 * Waits for work. Once `signal` aborts, waits at most five more seconds, and throws the signal's reason unless the work
 * succeeds. The work may then still be running, such as a write to a pipe that nobody reads, so the program must exit.
 */
export async function untilStopped<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const ended = new AbortController();
  const stopped = once(signal, 'abort').then(async () => {
    await delay(GRACE_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    throw signal.reason;
  });
  try {
    return await Promise.race([work, stopped]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    ended.abort();
  }
}
