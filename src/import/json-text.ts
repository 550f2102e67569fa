/** The text is not JSON; the message says where and what was expected there. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

/** Parses a JSON text (RFC 8259), with or without a byte order mark. Throws JsonSyntaxError with the line and the column. */
export function parseJson(text: string): unknown {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { index, expected } = findMistake(json);
    throw new JsonSyntaxError(`${position(json, index)}: expected ${expected}`, { cause: error });
  }
}

function position(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n');
  const column = (lines.at(-1) ?? '').length + 1;
  return `line ${lines.length}, column ${column}`;
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

/** Walks over a text that `JSON.parse` has refused, whose own messages do not always tell where; any depth is safe. */
function findMistake(text: string): { index: number; expected: string } {
  const open: ('{' | '[')[] = [];
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
    if (mayEnd && character === close) {
      open.pop();
      awaited = open.length > 0 ? 'comma or end' : 'nothing';
      index += 1;
    } else if (mayBegin && (character === '{' || character === '[')) {
      open.push(character);
      awaited = character === '{' ? 'key or end' : 'item or end';
      index += 1;
    } else if (scalar > 0) {
      awaited = open.length > 0 ? 'comma or end' : 'nothing';
      index += scalar;
    } else if (key > 0) {
      awaited = 'colon';
      index += key;
    } else if (awaited === 'colon' && character === ':') {
      awaited = 'value';
      index += 1;
    } else if (awaited === 'comma or end' && character === ',') {
      awaited = close === '}' ? 'key' : 'value';
      index += 1;
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
