import { parseJson as parseExactly } from '../json/exact-numbers.ts';
import { scanJson } from './json-scanner.ts';

/**
 * A request body as the reference server (FastAPI on CPython) reads it:
 * `json`, the parsed value; `text`, the body as it is, since its content type is not JSON; `missing`, no bytes at all;
 * `malformed`, with CPython's reason and the offset in code points; `unreadable`, not UTF-8 or nested too deep.
 */
export type JsonBody =
  | { kind: 'json'; value: unknown }
  | { kind: 'text'; text: string }
  | { kind: 'missing' }
  | { kind: 'malformed'; reason: string; offset: number }
  | { kind: 'unreadable' };

/** The nesting past which a body is refused unread, as Python's recursion limit has it. */
const MAX_DEPTH = 1000;

/** Reads the bytes of a request body. Only `application/json` and `application/*+json` are parsed. */
export function readJsonBody(bytes: Uint8Array, contentType: string | undefined): JsonBody {
  if (bytes.length === 0) return { kind: 'missing' };
  if (!isJson(contentType)) {
    return { kind: 'text', text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
  }
  const text = decodeUtf8(bytes);
  return text === undefined ? { kind: 'unreadable' } : parseJson(text);
}

function isJson(contentType = ''): boolean {
  const [mediaType = ''] = contentType.split(';');
  return /^application\/(?:json|[^/]*\+json)$/i.test(mediaType.trim());
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): JsonBody {
  const value = mayNestTooDeep(text) ? undefined : parseStrictly(text);
  return value === undefined ? scanJson(text, MAX_DEPTH) : { kind: 'json', value };
}

function parseStrictly(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/** Never misses a text that does; keeps `JSON.parse` from building what the scanner stops at. */
function mayNestTooDeep(text: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
