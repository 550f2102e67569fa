import type { Actor } from '../auth/actor.ts';

/** The label of all operations without their own label. */
const OTHER = 'other';

/**
 * Returns a function from an operation to its label: the operation's name, for callers with a token and for the first `most`
 * names, and otherwise `other`. So no caller can create an unlimited number of time series.
 */
export function createOperationNames(
  most: number,
): (actor: Actor, name: string | undefined) => string {
  const names = new Set<string>();
  return (actor, name) => {
    if (name === undefined) return OTHER;
    if (names.has(name)) return name;
    if (actor.kind === 'anonymous' || names.size >= most || name.length > LONGEST) return OTHER;
    names.add(name);
    return name;
  };
}

const LONGEST = 100;
