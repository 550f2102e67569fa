import { vi } from 'vitest';

/** Returns how many requests were sent while `work` was done. */
export async function requestsOf(work: () => Promise<unknown>): Promise<number> {
  const sent = vi.spyOn(globalThis, 'fetch');
  try {
    await work();
    return sent.mock.calls.length;
  } finally {
    sent.mockRestore();
  }
}
