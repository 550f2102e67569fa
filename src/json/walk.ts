/** Where a JSON text stops being one, and what was expected there. */
export interface Mistake {
  index: number;
  expected: string;
}

/** What is told of a text while it is walked over. */
export interface JsonVisitor {
  /** A key of an object, as it is written; `isFirst` where the object has not had it before. */
  onKey?: (index: number, isFirst: boolean, path: readonly (string | number)[]) => void;
  /** A number as it is written; `parent` is the object or the list that has it, where the walk has the parsed value. */
  onNumber?: (
    index: number,
    token: string,
    path: readonly (string | number)[],
    parent: unknown,
  ) => void;
}

const SPACE = /[ \t\n\r]*/y;
// One character at a time: a repetition within a repetition would try every way to divide a text that is not closed.
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

const BROKEN_TEXT = 'a text that is closed, without line breaks and unknown escapes';

type Awaited =
  | 'value'
  | 'item or end'
  | 'key'
  | 'key or end'
  | 'colon'
  | 'comma or end'
  | 'nothing';

/**
 * Walks over a JSON text to its end, or to the first mistake; any depth is safe. With the value that the text was parsed to,
 * the visitor is told where in it each number is.
 */
export function walkJson(
  text: string,
  { onKey, onNumber }: JsonVisitor = {},
  parsed?: unknown,
): Mistake | undefined {
  /** What is open of the parsed value. */
  const parents: unknown[] = [];
  const open: ('{' | '[')[] = [];
  const path: (string | number)[] = [];
  const keys: Set<string>[] = [];
  let awaited: Awaited = 'value';
  let index = 0;
  while (true) {
    index += lengthAt(SPACE, text, index);
    const close = open.at(-1) === '{' ? '}' : ']';
    const character = text[index];
    const mayEnd = awaited.endsWith('or end');
    const mayBegin = awaited === 'value' || awaited === 'item or end';
    const scalar = mayBegin ? lengthAt(STRING, text, index) || lengthAt(SCALAR, text, index) : 0;
    const key = awaited.startsWith('key') ? lengthAt(STRING, text, index) : 0;
    if (mayBegin && awaited !== 'nothing' && open.at(-1) === '[' && character !== close) {
      path.push(Number(path.pop()) + 1);
    }
    if (mayEnd && character === close) {
      if (open.pop() === '{') keys.pop();
      path.pop();
      parents.pop();
      awaited = open.length > 0 ? 'comma or end' : 'nothing';
      index += 1;
    } else if (mayBegin && (character === '{' || character === '[')) {
      parents.push(open.length === 0 ? parsed : childOf(parents.at(-1), path.at(-1)));
      open.push(character);
      if (character === '{') keys.push(new Set());
      path.push(character === '{' ? '' : -1);
      awaited = character === '{' ? 'key or end' : 'item or end';
      index += 1;
    } else if (scalar > 0) {
      if (onNumber && character !== undefined && /[-\d]/.test(character)) {
        onNumber(index, text.slice(index, index + scalar), path, parents.at(-1));
      }
      awaited = open.length > 0 ? 'comma or end' : 'nothing';
      index += scalar;
    } else if (key > 0) {
      const written = text.slice(index + 1, index + key - 1);
      const name = written.includes('\\') ? String(JSON.parse(`"${written}"`)) : written;
      path[path.length - 1] = name;
      const known = keys.at(-1);
      onKey?.(index, known?.has(name) === false, path);
      known?.add(name);
      awaited = 'colon';
      index += key;
    } else if (awaited === 'colon' && character === ':') {
      awaited = 'value';
      index += 1;
    } else if (awaited === 'comma or end' && character === ',') {
      awaited = close === '}' ? 'key' : 'value';
      index += 1;
    } else if (awaited === 'nothing' && index === text.length) {
      return undefined;
    } else {
      const isBrokenText = character === '"' && (mayBegin || awaited.startsWith('key'));
      return { index, expected: isBrokenText ? BROKEN_TEXT : describe(awaited, close) };
    }
  }
}

function childOf(parent: unknown, key: string | number | undefined): unknown {
  return typeof parent === 'object' && parent !== null && key !== undefined
    ? Reflect.get(parent, key)
    : undefined;
}

function describe(awaited: Awaited, close: string): string {
  switch (awaited) {
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
