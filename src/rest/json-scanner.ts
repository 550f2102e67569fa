import { exactly, markInexact } from '../json/exact-numbers.ts';

/** What CPython makes of a text: a value, a syntax error, or nothing as it is nested too deep. */
type ScannedJson =
  | { kind: 'json'; value: unknown }
  | { kind: 'malformed'; reason: string; offset: number }
  | { kind: 'unreadable' };

type Scanned<T> = { value: T; end: number; inexact?: string };

class SyntaxProblem extends Error {
  readonly index: number;
  constructor(reason: string, index: number) {
    super(reason);
    this.index = index;
  }
}
class TooDeep extends Error {}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const CONSTANTS = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
] as const;

/**
 * Scans a JSON text as `json.loads` of CPython 3.14 does: accepts NaN and Infinity, and tells of an
 * error in its words, at its offset (in code points). Meant for texts that `JSON.parse` refuses.
 */
export function scanJson(text: string, maxDepth: number): ScannedJson {
  try {
    const { value, end } = scanValue(text, skipSpace(text, 0), maxDepth);
    const rest = skipSpace(text, end);
    if (rest < text.length) throw new SyntaxProblem('Extra data', rest);
    return { kind: 'json', value };
  } catch (problem) {
    if (problem instanceof TooDeep) return { kind: 'unreadable' };
    if (!(problem instanceof SyntaxProblem)) throw problem;
    const offset = Array.from(text.slice(0, problem.index)).length;
    return { kind: 'malformed', reason: problem.message, offset };
  }
}

function scanValue(text: string, at: number, depth: number): Scanned<unknown> {
  if (text[at] === '"') return scanString(text, at);
  if (text[at] === '{') return scanObject(text, at, depth - 1);
  if (text[at] === '[') return scanArray(text, at, depth - 1);
  const number = matchAt(NUMBER, text, at);
  if (number) {
    const isExact = exactly(number) === undefined;
    const end = at + number.length;
    return { value: Number(number), end, ...(!isExact && { inexact: number }) };
  }
  const constant = CONSTANTS.find(([word]) => text.startsWith(word, at));
  if (constant) return { value: constant[1], end: at + constant[0].length };
  throw new SyntaxProblem('Expecting value', at);
}

function scanObject(text: string, open: number, depth: number): Scanned<object> {
  const entries: [string, unknown][] = [];
  const inexact = new Map<string, string>();
  const end = scanItems(text, open, '}', depth, at => {
    if (text[at] !== '"') {
      throw new SyntaxProblem('Expecting property name enclosed in double quotes', at);
    }
    const key = scanString(text, at);
    const colon = skipSpace(text, key.end);
    if (text[colon] !== ':') throw new SyntaxProblem("Expecting ':' delimiter", colon);
    const item = scanValue(text, skipSpace(text, colon + 1), depth);
    entries.push([key.value, item.value]);
    if (item.inexact !== undefined) inexact.set(key.value, item.inexact);
    return item.end;
  });
  const value = Object.fromEntries(entries);
  for (const [key, token] of inexact) markInexact(value, key, token);
  return { value, end };
}

function scanArray(text: string, open: number, depth: number): Scanned<unknown[]> {
  const items: unknown[] = [];
  const end = scanItems(text, open, ']', depth, at => {
    const item = scanValue(text, at, depth);
    items.push(item.value);
    if (item.inexact !== undefined) markInexact(items, items.length - 1, item.inexact);
    return item.end;
  });
  return { value: items, end };
}

function scanItems(
  text: string,
  open: number,
  close: '}' | ']',
  depth: number,
  scanItem: (at: number) => number,
): number {
  if (depth < 0) throw new TooDeep();
  let at = skipSpace(text, open + 1);
  if (text[at] === close) return at + 1;
  while (true) {
    const comma = skipSpace(text, scanItem(at));
    if (text[comma] === close) return comma + 1;
    if (text[comma] !== ',') throw new SyntaxProblem("Expecting ',' delimiter", comma);
    at = skipSpace(text, comma + 1);
    if (text[at] === close) {
      const whole = close === '}' ? 'object' : 'array';
      throw new SyntaxProblem(`Illegal trailing comma before end of ${whole}`, comma);
    }
  }
}

function scanString(text: string, open: number): Scanned<string> {
  for (let at = open + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      const end = at + 1;
      return { value: String(JSON.parse(text.slice(open, end))), end };
    }
    if (character < ' ') throw new SyntaxProblem('Invalid control character at', at);
    if (character === '\\') at = scanEscape(text, at, open);
  }
  throw new SyntaxProblem('Unterminated string starting at', open);
}

/** The index of the last character of an escape. */
function scanEscape(text: string, backslash: number, open: number): number {
  const letter = text.charAt(backslash + 1);
  if (letter === '') throw new SyntaxProblem('Unterminated string starting at', open);
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

function skipSpace(text: string, at: number): number {
  return at + matchAt(SPACE, text, at).length;
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
