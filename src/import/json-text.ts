import { exactly } from '../json/exact-numbers.ts';
import { type JsonVisitor, walkJson } from '../json/walk.ts';
import { below } from './problems.ts';

/** The text is not JSON, or not to be taken as it stands; the message says where and why. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

/**
 * Parses a JSON text (RFC 8259), with or without a byte order mark. A key that an object has twice is refused, and so is
 * a number that cannot be kept as it is written. Throws JsonSyntaxError with the line and the column.
 */
export function parseJson(text: string): unknown {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const refuse = (index: number, why: string): never => {
    throw new JsonSyntaxError(`${position(json, index)}: ${why}`);
  };
  const strict: JsonVisitor = {
    onKey(index, isFirst, path) {
      if (!isFirst) refuse(index, `${below('', ...path)} is here for the second time`);
    },
    onNumber(index, token, path) {
      const problem = exactly(token);
      if (problem !== undefined) refuse(index, `${below('', ...path)}: ${problem}`);
    },
  };
  const mistake = walkJson(json, strict);
  if (mistake !== undefined) refuse(mistake.index, `expected ${mistake.expected}`);
  return JSON.parse(json);
}

function position(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n');
  const column = (lines.at(-1) ?? '').length + 1;
  return `line ${lines.length}, column ${column}`;
}
