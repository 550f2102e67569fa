import { isStorable, NOT_STORABLE } from '../domain/storable-text.ts';

const MAX_KEYS = 10;
const MAX_SIZE = 1024;

/**
 * Returns why seat metadata is refused, or undefined if it is valid: every key and text can be stored, at most 10 keys, at
 * most 1 KB as Python's `json.dumps` would write it (the reference's measure: ASCII, with a space after each comma and
 * colon). Safe at any depth.
 */
export function checkMetadata(value: Record<string, unknown>): string | undefined {
  let size = 0;
  for (const node of nodes(value)) {
    if (typeof node === 'string' && !isStorable(node)) return NOT_STORABLE;
    // On the way to the database, this key would get lost or cause an error.
    if (typeof node === 'object' && node && Object.hasOwn(node, '__proto__')) return NOT_STORABLE;
    if (size <= MAX_SIZE) size += ownSize(node);
  }
  if (Object.keys(value).length > MAX_KEYS) return 'Metadata cannot have more than 10 keys';
  return size > MAX_SIZE ? 'Metadata size cannot exceed 1KB' : undefined;
}

/** Yields the root, every value below it, and every key as a text. */
function* nodes(root: unknown): Generator<unknown> {
  const pending = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    yield node;
    if (typeof node !== 'object' || node === null) continue;
    for (const [key, child] of Object.entries(node)) {
      if (!Array.isArray(node)) pending.push(key);
      pending.push(child);
    }
  }
}

/** The characters that a node adds to `json.dumps`, not counting those of the nodes in it. */
function ownSize(node: unknown): number {
  if (typeof node === 'string') return textSize(node);
  if (typeof node === 'number') return numberSize(node);
  if (typeof node !== 'object' || node === null) return String(node).length;
  const count = Object.keys(node).length;
  const brackets = 2;
  const commas = Math.max(count - 1, 0) * ', '.length;
  const colons = Array.isArray(node) ? 0 : count * ': '.length;
  return brackets + commas + colons;
}

function textSize(text: string): number {
  const quoted = text.length + 2;
  const shortEscapes = text.match(/["\\\b\f\n\r\t]/g)?.length ?? 0;
  const unicodeEscapes = text.match(/[^ -~\b\f\n\r\t]/g)?.length ?? 0;
  return quoted + shortEscapes + unicodeEscapes * 5;
}

// Python writes 1e-05 where JavaScript writes 0.00001, and never a one-digit exponent.
function numberSize(value: number): number {
  const small = value !== 0 && Math.abs(value) < 1e-4;
  const written = small ? value.toExponential() : String(value);
  return written.replace(/e-(\d)$/, 'e-0$1').length;
}

/**
 * Returns metadata with its keys in the order in which `jsonb` stores them: by their length in bytes, then by their bytes.
 */
export function inStoredOrder<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  const ordered = Array.isArray(value)
    ? value.map(inStoredOrder)
    : Object.fromEntries(
        Object.entries(value)
          .map(([key, child]) => ({ key, bytes: Buffer.from(key), child: inStoredOrder(child) }))
          .toSorted((a, b) => a.bytes.length - b.bytes.length || a.bytes.compare(b.bytes))
          .map(({ key, child }) => [key, child]),
      );
  // Only the order of the keys differs.
  return ordered as Value;
}
