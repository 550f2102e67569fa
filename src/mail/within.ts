import { MailNotSent } from './message.ts';

// At the deadline, the answer may already wait in the socket: a process that was suspended runs its timers before it reads.
const TURNS = 3;

/**
 * Runs `work` for at most `ms` milliseconds, and three turns of the event loop, which read what has arrived by then. After
 * that, or when `outer` aborts, it aborts the signal of `work` and rejects with MailNotSent, without waiting for `work`.
 */
export async function within<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  // On Node 20, a signal from AbortSignal.any may be garbage-collected before it aborts.
  const controller = new AbortController();
  const { signal } = controller;
  const end = () => controller.abort(new MailNotSent('It could not be sent in time.', 'ETIMEDOUT'));
  let turn: NodeJS.Immediate | undefined;
  const endAfter = (turns: number) => {
    turn = setImmediate(() => (turns > 1 ? endAfter(turns - 1) : end()));
  };
  const timer = setTimeout(endAfter, ms, TURNS);
  outer?.addEventListener('abort', end);
  if (outer?.aborted) end();
  try {
    return await new Promise<T>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      signal.throwIfAborted();
      work(signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    clearImmediate(turn);
    outer?.removeEventListener('abort', end);
  }
}
