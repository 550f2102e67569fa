/** What a run of the torture has seen: numbers by their names, in order. */
export type Tally = Map<string, number>;

/** Adds to a number. */
export function count(tally: Tally, name: string, by = 1): void {
  tally.set(name, (tally.get(name) ?? 0) + by);
}

/** The numbers as lines of a table. */
export function tableOf(tally: Tally): string {
  const width = Math.max(...[...tally.keys()].map(({ length }) => length));
  const lines = [...tally].map(([name, n]) => `${name.padEnd(width)}  ${String(n).padStart(8)}`);
  return lines.join('\n');
}
