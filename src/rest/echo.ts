/** Characters of JSON that a 422 answer repeats of its input. */
const LONGEST_ECHO = 4096;

const CUT = '…';

/**
 * Returns the part of an input that a 422 answer repeats: all of it up to 4 KiB of JSON. Larger inputs are truncated at
 * every depth and end with `…`. The time does not grow with the size of the input.
 */
export function echo(input: unknown): unknown {
  let left = LONGEST_ECHO;

  function copy(value: unknown): unknown {
    if (typeof value === 'string') return copyText(value);
    if (Array.isArray(value)) return copyArray(value);
    if (typeof value === 'object' && value !== null) return copyObject(value);
    left -= String(value).length;
    return value;
  }

  function copyText(text: string): string {
    const kept = beginning(text, left);
    left -= JSON.stringify(kept).length;
    return kept === text ? text : kept + CUT;
  }

  function copyArray(values: readonly unknown[]): unknown[] {
    left -= '[]'.length;
    const items: unknown[] = [];
    for (const value of values) {
      if (left <= 0) return [...items, CUT];
      items.push(copy(value));
      left -= ','.length;
    }
    return items;
  }

  function copyObject(object: object): object {
    left -= '{}'.length;
    const entries: [string, unknown][] = [];
    for (const [key, value] of Object.entries(object)) {
      if (left <= 0) {
        entries.push([CUT, CUT]);
        break;
      }
      entries.push([copyText(key), copy(value)]);
      left -= ':,'.length;
    }
    return Object.fromEntries(entries);
  }

  return copy(input);
}

/** Returns the beginning of a text whose JSON fits into `room` characters, without half a surrogate pair. */
function beginning(text: string, room: number): string {
  const start = text.slice(0, Math.max(room, 0));
  const length = JSON.stringify(start).length;
  if (start.length === text.length && length - '""'.length <= room) return text;
  // An escape takes up to six characters.
  const kept = length <= room * 2 ? start : start.slice(0, Math.ceil(room / 6));
  return kept.replace(/[\ud800-\udbff]$/, '');
}
