/** How many characters of JSON a refusal repeats of what it refuses. */
const LONGEST_ECHO = 4096;

const CUT = '…';

/**
 * What a 422 answer repeats of its input: all of it up to 4 KiB of JSON. Of more it repeats the beginning, at every
 * depth, with `…` in place of the rest. Takes no longer for a large input than for a small one.
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

/** As much of a text as its JSON has room for; half a surrogate pair is none. */
function beginning(text: string, room: number): string {
  const start = text.slice(0, Math.max(room, 0));
  const length = JSON.stringify(start).length;
  if (start.length === text.length && length - '""'.length <= room) return text;
  // An escape takes up to six characters.
  const kept = length <= room * 2 ? start : start.slice(0, Math.ceil(room / 6));
  return kept.replace(/[\ud800-\udbff]$/, '');
}
