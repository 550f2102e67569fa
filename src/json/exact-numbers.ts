import { type JsonVisitor, walkJson } from './walk.ts';

/** Numbers that JavaScript cannot keep as they were written, by the object or list that has them. */
const inexact = new WeakMap<object, Map<string | number, string>>();

// A number of so many digits, or with an exponent, or minus zero, outside a text or at the beginning of one.
const UNUSUAL = /(?:^|[\s:,[])(?:-0|-?(?:[\d.]{16}|[\d.]+[eE]))/;

/** `JSON.parse`, after which `inexactNumberIn` knows the numbers that were changed by it. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  markNumbers(text, value);
  return value;
}

/** Lets `inexactNumberIn` know the numbers that parsing this text to this value has changed. Takes time as the text is long. */
export function markNumbers(text: string, value: unknown): void {
  if (!UNUSUAL.test(text)) return;
  const onNumber: JsonVisitor['onNumber'] = (_index, token, path, parent) => {
    if (exactly(token) !== undefined) markInexact(parent, path.at(-1), token);
  };
  walkJson(text, { onNumber }, value);
}

/** Remembers that a number was written in another way than it can be kept. */
export function markInexact(
  parent: unknown,
  key: string | number | undefined,
  token: string,
): void {
  if (typeof parent !== 'object' || parent === null || key === undefined) return;
  const marks = inexact.get(parent) ?? new Map<string | number, string>();
  inexact.set(parent, marks.set(key, token));
}

/** Where in a value is a number that is not what was written, and what is wrong with it; undefined where there is none. */
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
      const token = marks?.get(key) ?? (isLost(child) ? writtenOf(child) : undefined);
      if (token !== undefined) return { path: [...path, key], message: refusal(token) };
      if (typeof child === 'object') pending.push({ node: child, path: [...path, key] });
    }
  }
  return undefined;
}

/** The longest number that is compared digit by digit: no more digits ever tell one double from another. */
const LONGEST_NUMBER = 800;

/** What is wrong with a number as it is written in JSON; undefined where JavaScript keeps its very value. */
export function exactly(token: string): string | undefined {
  if (token.length > LONGEST_NUMBER) return refusal(token);
  const value = Number(token);
  const isKept =
    Number.isFinite(value) && !isLost(value) && decimalOf(token) === decimalOf(String(value));
  return isKept ? undefined : refusal(token);
}

/** Whether JSON, or PostgreSQL, has no such number. */
function isLost(value: unknown): value is number {
  return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));
}

const writtenOf = (value: number) => (Object.is(value, -0) ? '-0' : String(value));

const LONGEST_QUOTE = 40;

function refusal(token: string): string {
  const shown = token.length > LONGEST_QUOTE ? `${token.slice(0, LONGEST_QUOTE)}…` : token;
  return `${shown} cannot be kept exactly as a number; write it as a text, in double quotes`;
}

/** A decimal number in the one form that tells whether two are equal: its sign, its digits and where they end. */
function decimalOf(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutZerosAtItsEnd(digits);
  if (significant === '') return '0';
  const end = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${end}`;
}

function withoutZerosAtItsEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
