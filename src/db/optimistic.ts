import { DatabaseBusy, isDeadlock, violatedConstraint } from './constraints.ts';

// More than twenty who want the same slot at once.
const ATTEMPTS = 25;

/**
 * Runs `attempt` until it changes what it read. It answers undefined, with nothing changed, where another request was
 * faster, and is run again then; also where the change violates one of these constraints, or meets a deadlock. Throws
 * DatabaseBusy after 25 attempts.
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
