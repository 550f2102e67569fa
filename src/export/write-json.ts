/** An item of a list: its text, or its text in pieces. */
type Item = string | AsyncIterable<string>;

/** Yields a list under a key, with one item per line. Yields nothing for an empty list. */
export async function* list(
  before: string,
  key: string,
  items: AsyncIterable<Item>,
): AsyncGenerator<string> {
  let isEmpty = true;
  for await (const item of items) {
    yield isEmpty ? `${before}"${key}":[\n` : ',\n';
    if (typeof item === 'string') yield item;
    else yield* item;
    isEmpty = false;
  }
  if (!isEmpty) yield '\n]';
}

/** Yields the text of an object with an additional list, which can be long. */
export async function* withList(
  object: string,
  key: string,
  items: AsyncIterable<Item>,
): AsyncGenerator<string> {
  yield object.slice(0, -1);
  yield* list(',', key, items);
  yield '}';
}

/** Returns an object without the keys whose value is null. */
export function withoutNulls(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
