/** Where a JSON text stops being one, and what was expected there. */
export interface Mistake {
  index: number;
  expected: string;
}

/** What is told of a text while it is walked over. */
export interface JsonVisitor {
  /** A key of an object, as it is written; `isFirst` where the object has not had it before. */
  onKey?: (index: number, isFirst: boolean, path: readonly (string | number)[]) => void;
  onNumber?: (index: number, token: string, path: readonly (string | number)[]) => void;
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[ !#-[\]-\uffff]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
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

/** Walks over a JSON text to its end, or to the first mistake; any depth is safe. */
export function walkJson(text: string, { onKey, onNumber }: JsonVisitor = {}): Mistake | undefined {
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
      awaited = open.length > 0 ? 'comma or end' : 'nothing';
      index += 1;
    } else if (mayBegin && (character === '{' || character === '[')) {
      open.push(character);
      if (character === '{') keys.push(new Set());
      path.push(character === '{' ? '' : -1);
      awaited = character === '{' ? 'key or end' : 'item or end';
      index += 1;
    } else if (scalar > 0) {
      if (onNumber && character !== undefined && /[-\d]/.test(character)) {
        onNumber(index, text.slice(index, index + scalar), path);
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
