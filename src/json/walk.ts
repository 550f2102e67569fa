/** The position of a JSON syntax error, and what was expected there. */
export interface SyntaxProblem {
  index: number;
  expected: string;
}

/** Callbacks for the parts of a JSON text. */
export interface JsonVisitor {
  /** Called for each key of an object. `isFirst` is false for a duplicate key. */
  onKey?: (index: number, isFirst: boolean, path: readonly (string | number)[]) => void;
  /** Called for each number with its source text. `parent` is the object or array of the parsed value, if given. */
  onNumber?: (
    index: number,
    token: string,
    path: readonly (string | number)[],
    parent: unknown,
  ) => void;
}

const SPACE = /[ \t\n\r]*/y;
// Matches one character at a time: a nested repetition would backtrack exponentially on an unterminated string.
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

const VALID_STRING = 'a terminated string without line breaks and unknown escapes';

type Expected =
  | 'value'
  | 'item or end'
  | 'key'
  | 'key or end'
  | 'colon'
  | 'comma or end'
  | 'nothing';

/**
 * Visits the keys and numbers of a JSON text, and returns the first syntax error; undefined if there is none. Any depth is
 * safe. If the parsed value is given, the visitor gets the parent of each number in it.
 */
export function walkJson(
  text: string,
  { onKey, onNumber }: JsonVisitor = {},
  parsed?: unknown,
): SyntaxProblem | undefined {
  /** The open objects and arrays of the parsed value. */
  const parents: unknown[] = [];
  const open: ('{' | '[')[] = [];
  const path: (string | number)[] = [];
  const keys: Set<string>[] = [];
  let expected: Expected = 'value';
  let index = 0;
  while (true) {
    index += lengthAt(SPACE, text, index);
    const close = open.at(-1) === '{' ? '}' : ']';
    const character = text[index];
    const mayEnd = expected.endsWith('or end');
    const mayBegin = expected === 'value' || expected === 'item or end';
    const scalar = mayBegin ? lengthAt(STRING, text, index) || lengthAt(SCALAR, text, index) : 0;
    const key = expected.startsWith('key') ? lengthAt(STRING, text, index) : 0;
    if (mayBegin && expected !== 'nothing' && open.at(-1) === '[' && character !== close) {
      path.push(Number(path.pop()) + 1);
    }
    if (mayEnd && character === close) {
      if (open.pop() === '{') keys.pop();
      path.pop();
      parents.pop();
      expected = open.length > 0 ? 'comma or end' : 'nothing';
      index += 1;
    } else if (mayBegin && (character === '{' || character === '[')) {
      parents.push(open.length === 0 ? parsed : childOf(parents.at(-1), path.at(-1)));
      open.push(character);
      if (character === '{') keys.push(new Set());
      path.push(character === '{' ? '' : -1);
      expected = character === '{' ? 'key or end' : 'item or end';
      index += 1;
    } else if (scalar > 0) {
      if (onNumber && character !== undefined && /[-\d]/.test(character)) {
        onNumber(index, text.slice(index, index + scalar), path, parents.at(-1));
      }
      expected = open.length > 0 ? 'comma or end' : 'nothing';
      index += scalar;
    } else if (key > 0) {
      const written = text.slice(index + 1, index + key - 1);
      const name = written.includes('\\') ? String(JSON.parse(`"${written}"`)) : written;
      path[path.length - 1] = name;
      const known = keys.at(-1);
      onKey?.(index, known?.has(name) === false, path);
      known?.add(name);
      expected = 'colon';
      index += key;
    } else if (expected === 'colon' && character === ':') {
      expected = 'value';
      index += 1;
    } else if (expected === 'comma or end' && character === ',') {
      expected = close === '}' ? 'key' : 'value';
      index += 1;
    } else if (expected === 'nothing' && index === text.length) {
      return undefined;
    } else {
      const isInvalidString = character === '"' && (mayBegin || expected.startsWith('key'));
      return { index, expected: isInvalidString ? VALID_STRING : describe(expected, close) };
    }
  }
}

function childOf(parent: unknown, key: string | number | undefined): unknown {
  return typeof parent === 'object' && parent !== null && key !== undefined
    ? Reflect.get(parent, key)
    : undefined;
}

function describe(expected: Expected, close: string): string {
  switch (expected) {
    case 'value':
      return 'a value';
    case 'item or end':
      return `a value or ${close}`;
    case 'key':
      return 'a key in double quotes';
    case 'key or end':
      return `a key in double quotes or ${close}`;
    case 'colon':
      return 'a colon';
    case 'comma or end':
      return `a comma or ${close}`;
    case 'nothing':
      return 'the end of the file';
  }
}

function lengthAt(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0].length ?? 0;
}
