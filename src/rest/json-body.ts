import { markNumber, parseJson as parseExactly } from '../json/exact-numbers.ts';
import { scanJson } from '../json/scan.ts';

/**
 * A request body as the reference server (FastAPI on CPython) reads it. `json`: the parsed value. `text`: the text of a body
 * with another content type. `missing`: an empty body. `malformed`: invalid JSON, with CPython's reason and the offset in
 * code points. `unreadable`: not UTF-8 or nested too deeply.
 */
export type JsonBody =
  | { kind: 'json'; value: unknown }
  | { kind: 'text'; text: string }
  | { kind: 'missing' }
  | { kind: 'malformed'; reason: string; offset: number }
  | { kind: 'unreadable' };

/** Deepest nesting of a body. Python's recursion limit in the reference. */
const MAX_DEPTH = 1000;

/** Nesting beyond which the scanner, which stops at `MAX_DEPTH`, is faster than `JSON.parse`. */
const DEEP = 64;

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
  const value = nestsPast(DEEP, text) ? undefined : parseStrictly(text);
  return value === undefined ? parseLikeCPython(text) : { kind: 'json', value };
}

function parseLikeCPython(text: string): JsonBody {
  const options = { maxDepth: MAX_DEPTH, allowsConstants: true, onNumber: markNumber };
  const scanned = scanJson(text, options);
  switch (scanned.kind) {
    case 'json':
      return scanned;
    case 'malformed': {
      const { reason, index } = scanned;
      return { kind: 'malformed', reason, offset: codePoints(text, index) };
    }
    case 'tooDeep':
      return { kind: 'unreadable' };
  }
}

function parseStrictly(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/** Returns whether a text may nest deeper than `limit`. It has no false negatives. */
function nestsPast(limit: number, text: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case BACKSLASH:
        at += 1;
        break;
      case QUOTE:
        isQuoted = !isQuoted;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (!isQuoted) depth += 1;
        if (depth > limit) return true;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        if (!isQuoted) depth -= 1;
        break;
    }
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Returns the number of code points before an index. */
function codePoints(text: string, end: number): number {
  let pairs = 0;
  for (let at = 1; at < end; at++) {
    if (isHighSurrogate(text.charCodeAt(at - 1)) && isLowSurrogate(text.charCodeAt(at))) pairs += 1;
  }
  return end - pairs;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
