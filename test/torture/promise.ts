import { inspect } from 'node:util';

/** usher did not keep a promise. The message says which, and names the rows, events or calls that show it. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';

  constructor(promise: string, evidence: Record<string, unknown> = {}) {
    super(`Broken: ${promise}\n${inspect(evidence, { depth: 6, maxArrayLength: 20 })}`);
  }
}

/** The result of `work`; throws BrokenPromise where it takes longer than `ms` milliseconds. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BrokenPromise(`${what} within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
