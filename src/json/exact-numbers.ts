import { type JsonVisitor, scanJson } from './scan.ts';

/** The source text of numbers that JavaScript cannot represent exactly, by the object or array that contains them. */
const inexact = new WeakMap<object, Map<string | number, string>>();

// A number with at least 16 digits, with an exponent, or minus zero. Also matches at the start of a string.
const UNUSUAL = /(?:^|[\s:,[])(?:-0|-?(?:[\d.]{16}|[\d.]+[eE]))/;

/** The maximum nesting depth of a text whose numbers are marked. */
const MAX_DEPTH = 1000;

/** Returns the value of `JSON.parse`, with its inexact numbers marked for `inexactNumberIn`. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  return withMarks(text, JSON.parse(text));
}

/**
 * Returns the value of a text that `JSON.parse` accepted, with its inexact numbers marked for `inexactNumberIn`. Throws
 * SyntaxError if the text has such numbers and is nested too deeply. Takes linear time.
 */
export function withMarks(text: string, value: unknown): unknown {
  if (!UNUSUAL.test(text)) return value;
  const scanned = scanJson(text, { maxDepth: MAX_DEPTH, onNumber: markNumber });
  if (scanned.kind !== 'json') throw new SyntaxError('The JSON is nested too deeply.');
  return scanned.value;
}

/** A visitor that marks inexact numbers for `inexactNumberIn`. */
export const markNumber: NonNullable<JsonVisitor['onNumber']> = (_index, token, path, parent) => {
  if (inexactProblem(token) !== undefined) markInexact(parent, path.at(-1), token);
};

/** Marks a number as inexact, with its source text. */
export function markInexact(
  parent: unknown,
  key: string | number | undefined,
  token: string,
): void {
  if (typeof parent !== 'object' || parent === null || key === undefined) return;
  const marks = inexact.get(parent) ?? new Map<string | number, string>();
  inexact.set(parent, marks.set(key, token));
}

/** Returns the path and the problem of an inexact number in a value; undefined if there is none. */
export function inexactNumberIn(
  root: unknown,
): { path: (string | number)[]; message: string } | undefined {
  const pending: { node: unknown; path: (string | number)[] }[] = [{ node: root, path: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, path } = next;
    if (typeof node !== 'object' || node === null) continue;
    const marks = inexact.get(node);
    for (const [name, child] of Object.entries(node)) {
      const key = Array.isArray(node) ? Number(name) : name;
      const token = marks?.get(key) ?? (isUnrepresentable(child) ? sourceOf(child) : undefined);
      if (token !== undefined) return { path: [...path, key], message: describeInexact(token) };
      if (typeof child === 'object') pending.push({ node: child, path: [...path, key] });
    }
  }
  return undefined;
}

/** The maximum length of a number that is compared digit by digit. No two doubles differ only in later digits. */
const LONGEST_NUMBER = 800;

/** Returns the problem of a JSON number; undefined if JavaScript represents it exactly. */
export function inexactProblem(token: string): string | undefined {
  if (token.length > LONGEST_NUMBER) return describeInexact(token);
  const value = Number(token);
  const isKept =
    Number.isFinite(value) &&
    !isUnrepresentable(value) &&
    decimalOf(token) === decimalOf(String(value));
  return isKept ? undefined : describeInexact(token);
}

/** Returns whether JSON or PostgreSQL cannot represent a number. */
function isUnrepresentable(value: unknown): value is number {
  return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));
}

const sourceOf = (value: number) => (Object.is(value, -0) ? '-0' : String(value));

const LONGEST_QUOTE = 40;

function describeInexact(token: string): string {
  const shown = token.length > LONGEST_QUOTE ? `${token.slice(0, LONGEST_QUOTE)}…` : token;
  return `${shown} cannot be kept exactly as a number; write it as a text, in double quotes`;
}

/** Returns the canonical form of a decimal number: its sign, its digits and its exponent. Equal numbers have equal forms. */
function decimalOf(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  if (significant === '') return '0';
  const end = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${end}`;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
