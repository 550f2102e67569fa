import { MailNotSent } from './message.ts';

/**
 * Runs `work` for so long at the most, in milliseconds: then, or when `outer` aborts, its signal aborts, and nobody waits
 * for it any more: rejects with MailNotSent.
 */
export async function within<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  // On Node 20, what AbortSignal.any makes can be collected as garbage before it aborts.
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
