import { DatabaseBusy, isDeadlock, violatedConstraint } from './constraints.ts';

// More than twenty who want the same slot at once.
const ATTEMPTS = 25;

/**
 * Runs `attempt`, which reads something and then changes it with one statement where it is still as it was read. It is run
 * again where it answers undefined, since somebody was quicker, and where the change met one of these constraints, or a
 * deadlock. Throws DatabaseBusy where others are quicker each time.
 */
export async function optimistic<Result>(
  attempt: () => Promise<Result | undefined>,
  { constraints = [] }: { constraints?: readonly string[] } = {},
): Promise<Result> {
  let cause: unknown;
  for (let attempts = 0; attempts < ATTEMPTS; attempts++) {
    try {
      const result = await attempt();
      if (result !== undefined) return result;
    } catch (error) {
      if (!constraints.includes(violatedConstraint(error) ?? '') && !isDeadlock(error)) throw error;
      cause = error;
    }
  }
  throw new DatabaseBusy('undone', { cause });
}
