import { constants } from 'node:buffer';
import { inexactProblem } from '../json/exact-numbers.ts';
import { scanJson } from '../json/scan.ts';
import { below } from './problems.ts';

/**
 * Error for a text that is not valid JSON, repeats a key or has an inexact number. The message has the position and the
 * reason.
 */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

/** The maximum size of a file in bytes, about 512 MB: JavaScript strings cannot be longer. */
export const LONGEST_FILE = constants.MAX_STRING_LENGTH;

/** The deepest nesting of a text, as in REST. */
const MAX_DEPTH = 1000;

/**
 * Parses a JSON text (RFC 8259), with or without a byte order mark. Refuses a duplicate key of an object, and a number
 * that JavaScript cannot represent exactly. Throws JsonSyntaxError with the line and the column.
 */
export function parseJson(text: string): unknown {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const refuse = (index: number, why: string): never => {
    throw new JsonSyntaxError(`${position(json, index)}: ${why}`);
  };
  const scanned = scanJson(json, {
    maxDepth: MAX_DEPTH,
    onKey(index, path, object) {
      if (Object.hasOwn(object, path.at(-1) ?? '')) {
        refuse(index, `${below('', ...path)} is a duplicate key`);
      }
    },
    onNumber(index, token, path) {
      const problem = inexactProblem(token);
      if (problem !== undefined) refuse(index, `${below('', ...path)}: ${problem}`);
    },
  });
  switch (scanned.kind) {
    case 'json':
      return scanned.value;
    case 'malformed':
      return refuse(scanned.index, scanned.reason);
    case 'tooDeep':
      throw new JsonSyntaxError(`The file is nested deeper than ${MAX_DEPTH} levels.`);
  }
}

function position(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n');
  const column = (lines.at(-1) ?? '').length + 1;
  return `line ${lines.length}, column ${column}`;
}
