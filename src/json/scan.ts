/** The result of a scan: a value, a syntax error with its index, or that the text is nested too deeply. */
export type ScannedJson =
  | { kind: 'json'; value: unknown }
  | { kind: 'malformed'; reason: string; index: number }
  | { kind: 'tooDeep' };

/** Callbacks for the parts of a text. They may throw. */
export interface JsonVisitor {
  /** Called for each key of an object, before its value is set. `path` ends with the key. */
  onKey?: (index: number, path: readonly (string | number)[], object: object) => void;
  /** Called for each number with its source text. `path` leads to it; `parent` is the object or array that contains it. */
  onNumber?: (
    index: number,
    token: string,
    path: readonly (string | number)[],
    parent: object | undefined,
  ) => void;
}

export interface ScanOptions extends JsonVisitor {
  /** The maximum nesting depth. */
  maxDepth: number;
  /** Whether NaN, Infinity and -Infinity are numbers. */
  allowsConstants?: boolean;
}

class SyntaxProblem extends Error {
  readonly index: number;
  constructor(reason: string, index: number) {
    super(reason);
    this.index = index;
  }
}
class TooDeep extends Error {}

/** A text and the current position in it. */
interface Cursor extends Readonly<ScanOptions> {
  readonly text: string;
  readonly path: (string | number)[];
  at: number;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS = [
  ['null', null],
  ['true', true],
  ['false', false],
] as const;
const CONSTANTS = [
  ...LITERALS,
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
] as const;

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses a JSON text like `json.loads` of CPython 3.14, with its messages for syntax errors. The time is linear in the
 * length of the text.
 */
export function scanJson(text: string, options: ScanOptions): ScannedJson {
  const cursor: Cursor = { ...options, text, path: [], at: 0 };
  try {
    skipSpace(cursor);
    const value = scanValue(cursor, options.maxDepth, undefined);
    skipSpace(cursor);
    if (cursor.at < text.length) throw new SyntaxProblem('Extra data', cursor.at);
    return { kind: 'json', value };
  } catch (problem) {
    if (problem instanceof TooDeep) return { kind: 'tooDeep' };
    if (!(problem instanceof SyntaxProblem)) throw problem;
    return { kind: 'malformed', reason: problem.message, index: problem.index };
  }
}

function scanValue(cursor: Cursor, depth: number, parent: object | undefined): unknown {
  const { text, at } = cursor;
  switch (text[at]) {
    case '"':
      return scanString(cursor);
    case '{':
      return scanObject(cursor, depth - 1);
    case '[':
      return scanArray(cursor, depth - 1);
  }
  NUMBER.lastIndex = at;
  if (NUMBER.test(text)) {
    cursor.at = NUMBER.lastIndex;
    const token = text.slice(at, cursor.at);
    cursor.onNumber?.(at, token, cursor.path, parent);
    return Number(token);
  }
  for (const [word, value] of cursor.allowsConstants ? CONSTANTS : LITERALS) {
    if (!text.startsWith(word, at)) continue;
    cursor.at += word.length;
    return value;
  }
  throw new SyntaxProblem('Expecting value', at);
}

function scanObject(cursor: Cursor, depth: number): object {
  const object: Record<string, unknown> = {};
  if (open(cursor, '}', depth)) return object;
  do {
    const { text, at } = cursor;
    if (text[at] !== '"') {
      throw new SyntaxProblem('Expecting property name enclosed in double quotes', at);
    }
    const key = scanString(cursor);
    cursor.path.push(key);
    cursor.onKey?.(at, cursor.path, object);
    skipSpace(cursor);
    if (text[cursor.at] !== ':') throw new SyntaxProblem("Expecting ':' delimiter", cursor.at);
    cursor.at += 1;
    skipSpace(cursor);
    const value = scanValue(cursor, depth, object);
    if (key === '__proto__') setOwn(object, key, value);
    else object[key] = value;
    cursor.path.pop();
  } while (goesOn(cursor, '}', 'object'));
  return object;
}

/** Sets an own property whose assignment would set the prototype. */
function setOwn(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function scanArray(cursor: Cursor, depth: number): unknown[] {
  const items: unknown[] = [];
  if (open(cursor, ']', depth)) return items;
  do {
    cursor.path.push(items.length);
    items.push(scanValue(cursor, depth, items));
    cursor.path.pop();
  } while (goesOn(cursor, ']', 'array'));
  return items;
}

/** Enters an array or an object. Returns true if it is empty, after leaving it. */
function open(cursor: Cursor, close: '}' | ']', depth: number): boolean {
  if (depth < 0) throw new TooDeep();
  cursor.at += 1;
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== close) return false;
  cursor.at += 1;
  return true;
}

/** Skips the delimiter after an item. Returns true after a comma, false after the end of the array or object. */
function goesOn(cursor: Cursor, close: '}' | ']', whole: 'object' | 'array'): boolean {
  skipSpace(cursor);
  const { text, at: comma } = cursor;
  cursor.at += 1;
  if (text[comma] === close) return false;
  if (text[comma] !== ',') throw new SyntaxProblem("Expecting ',' delimiter", comma);
  skipSpace(cursor);
  if (text[cursor.at] === close) {
    throw new SyntaxProblem(`Illegal trailing comma before end of ${whole}`, comma);
  }
  return true;
}

function scanString(cursor: Cursor): string {
  const { text, at: start } = cursor;
  let hasEscapes = false;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      cursor.at = at + 1;
      return hasEscapes
        ? String(JSON.parse(text.slice(start, cursor.at)))
        : text.slice(start + 1, at);
    }
    if (code < SPACE) throw new SyntaxProblem('Invalid control character at', at);
    if (code === BACKSLASH) {
      hasEscapes = true;
      at = scanEscape(text, at, start);
    }
  }
  throw new SyntaxProblem('Unterminated string starting at', start);
}

/** Returns the index of the last character of an escape. */
function scanEscape(text: string, backslash: number, start: number): number {
  const letter = text.charAt(backslash + 1);
  if (letter === '') throw new SyntaxProblem('Unterminated string starting at', start);
  if (letter === 'u') {
    const last = backslash + 5;
    const hasDigits = /^[0-9a-fA-F]{4}$/.test(text.slice(backslash + 2, last + 1));
    if (!hasDigits || last + 1 >= text.length) {
      throw new SyntaxProblem('Invalid \\uXXXX escape', backslash + 1);
    }
    return last;
  }
  if (!'"\\/bfnrt'.includes(letter)) throw new SyntaxProblem('Invalid \\escape', backslash);
  return backslash + 1;
}

function skipSpace(cursor: Cursor): void {
  const { text } = cursor;
  let { at } = cursor;
  while (isSpace(text.charCodeAt(at))) at += 1;
  cursor.at = at;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === NEWLINE || code === RETURN || code === TAB;
}
