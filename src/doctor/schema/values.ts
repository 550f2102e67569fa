/** How the values of an enum type differ from the expected ones. All values are SQL literals. */
export interface ValueDifference {
  /** Pairs of an actual and the expected name of a value. */
  renamed: (readonly [own: string, expected: string])[];
  /** The missing values, each with the clause that puts it in its place. */
  missing: { value: string; place: string }[];
  /** Values that are not usher's. */
  foreign: string[];
  /** Whether the common values are in another order. */
  isReordered: boolean;
}

/**
 * Compares the values of an enum type, as the catalog prints them. PostgreSQL cannot drop a value, so a missing value with
 * another one in its place was renamed.
 */
export function compareValues(expected: string, own: string): ValueDifference {
  const wanted = valuesOf(expected);
  const there = valuesOf(own);
  const common = there.filter(value => wanted.includes(value));
  const difference: ValueDifference = {
    renamed: [],
    missing: [],
    foreign: [],
    isReordered: wanted.filter(value => there.includes(value)).join() !== common.join(),
  };
  if (difference.isReordered) return difference;
  const gaps = between(there, common);
  for (const [index, values] of between(wanted, common).entries()) {
    const others = gaps[index] ?? [];
    for (const [position, value] of values.entries()) {
      const other = others[position];
      if (other === undefined) {
        difference.missing.push({ value, place: placeOf(value, wanted, common) });
      } else difference.renamed.push([other, value]);
    }
    difference.foreign.push(...others.slice(values.length));
  }
  return difference;
}

function valuesOf(definition: string): string[] {
  return definition.match(/E?'(?:[^']|'')*'/g) ?? [];
}

/** Returns the values before the first of `common`, those up to the second, and so on. */
function between(values: readonly string[], common: readonly string[]): string[][] {
  const ends = [...common.map(value => values.indexOf(value)), values.length];
  return ends.map((end, index) => values.slice((ends[index - 1] ?? -1) + 1, end));
}

function placeOf(value: string, wanted: readonly string[], common: readonly string[]): string {
  const before = wanted[wanted.indexOf(value) - 1];
  if (before !== undefined) return ` AFTER ${before}`;
  return common[0] === undefined ? '' : ` BEFORE ${common[0]}`;
}
