import { DatabaseBusy, isDeadlock, violatedConstraint } from './constraints.ts';

// Enough for more than twenty concurrent requests for the same row.
const ATTEMPTS = 25;

/**
 * Returns the result of `attempt`, which must write only if the row is unchanged since the read, and return undefined
 * otherwise. Retries after undefined, after a violation of one of the constraints, and after a deadlock. Throws DatabaseBusy
 * after 25 attempts.
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
