import { MailNotSent } from './message.ts';

/**
 * Runs `work` for at most `ms` milliseconds. After that, or when `outer` aborts, it aborts the signal of `work` and rejects with
 * MailNotSent, without waiting for `work`.
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
  const timer = setTimeout(end, ms);
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
    outer?.removeEventListener('abort', end);
  }
}
