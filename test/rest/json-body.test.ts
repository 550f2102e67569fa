import { describe, expect, it } from 'vitest';
import { readJsonBody } from '../../src/rest/json-body.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readJsonBody(bytes(text), 'application/json');
const malformed = (reason: string, offset: number) => ({ kind: 'malformed', reason, offset });

describe('the content type', () => {
  it.each([
    'application/json',
    'application/JSON; charset=utf-8',
    ' application/json ;x=y',
    'application/vnd.api+json',
    'application/problem+JSON',
  ])('%j is JSON', contentType => {
    expect(readJsonBody(bytes('{}'), contentType)).toEqual({ kind: 'json', value: {} });
  });

  it.each([
    undefined,
    '',
    'json',
    'text/plain',
    'text/json',
    'application/jsonx',
    'application/json/x',
    'application/json-seq',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])('%j is not JSON', contentType => {
    expect(readJsonBody(bytes('{"a":'), contentType)).toEqual({ kind: 'text', text: '{"a":' });
  });

  it('does not matter to a body that is not there', () => {
    expect(readJsonBody(bytes(''), 'application/json')).toEqual({ kind: 'missing' });
    expect(readJsonBody(bytes(''), undefined)).toEqual({ kind: 'missing' });
  });
});

describe('JSON that CPython accepts', () => {
  it.each([
    ['null', null],
    [' \t\r\n5 ', 5],
    ['"x"', 'x'],
    ['[]', []],
    ['{"a":1,"a":2}', { a: 2 }],
    ['\ufeff{}', {}],
    ['NaN', Number.NaN],
    ['[Infinity,-Infinity]', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    [
      '{"a":NaN,"a":{"b":[true,false,null,-1.5e3,"\\u00e9\\n"]}}',
      { a: { b: [true, false, null, -1500, 'é\n'] } },
    ],
  ])('%j', (text, value) => {
    expect(read(text)).toEqual({ kind: 'json', value });
  });

  it.each(['{"__proto__":{"x":1}}', '{"__proto__":{"x":1},"y":NaN}'])(
    '%s, as a key like any other',
    text => {
      const body = read(text);
      const value = body.kind === 'json' ? body.value : undefined;
      expect(value).toHaveProperty('__proto__', { x: 1 });
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    },
  );
});

describe('CPython’s errors of malformed JSON', () => {
  it.each([
    [' ', malformed('Expecting value', 1)],
    ['x', malformed('Expecting value', 0)],
    ["'x'", malformed('Expecting value', 0)],
    ['True', malformed('Expecting value', 0)],
    ['-', malformed('Expecting value', 0)],
    ['.5', malformed('Expecting value', 0)],
    ['[', malformed('Expecting value', 1)],
    ['[1,', malformed('Expecting value', 3)],
    ['{"a":', malformed('Expecting value', 5)],
    ['{"a":}', malformed('Expecting value', 5)],
    ['{', malformed('Expecting property name enclosed in double quotes', 1)],
    ['{a:1}', malformed('Expecting property name enclosed in double quotes', 1)],
    ['{"a":1,', malformed('Expecting property name enclosed in double quotes', 7)],
    ["{'a':1}", malformed('Expecting property name enclosed in double quotes', 1)],
    ['{"a"}', malformed("Expecting ':' delimiter", 4)],
    ['{"a" 1}', malformed("Expecting ':' delimiter", 5)],
    ['{"a":1', malformed("Expecting ',' delimiter", 6)],
    ['{"a":1 "b":2}', malformed("Expecting ',' delimiter", 7)],
    ['[1 2]', malformed("Expecting ',' delimiter", 3)],
    ['[01]', malformed("Expecting ',' delimiter", 2)],
    ['{} x', malformed('Extra data', 3)],
    ['1.', malformed('Extra data', 1)],
    ['{}{}', malformed('Extra data', 2)],
    ['{"a', malformed('Unterminated string starting at', 1)],
    ['"a\\', malformed('Unterminated string starting at', 0)],
    ['"a\nb"', malformed('Invalid control character at', 2)],
    ['"a\0"', malformed('Invalid control character at', 2)],
    ['"\\x"', malformed('Invalid \\escape', 1)],
    ['"\\u12"', malformed('Invalid \\uXXXX escape', 2)],
    ['"\\u123g"', malformed('Invalid \\uXXXX escape', 2)],
    ['"\\u1234', malformed('Invalid \\uXXXX escape', 2)],
    ['{"email": "x",}', malformed('Illegal trailing comma before end of object', 13)],
    ['[1 , ]', malformed('Illegal trailing comma before end of array', 3)],
    ['[,]', malformed('Expecting value', 1)],
    ['["😀é" x]', malformed("Expecting ',' delimiter", 6)],
    ['\ufeff{} x', malformed('Extra data', 3)],
    ['\ufeff\ufeff{}', malformed('Expecting value', 0)],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});

describe('an unreadable body', () => {
  it('is not UTF-8', () => {
    expect(readJsonBody(Uint8Array.of(0x22, 0xff, 0x22), 'application/json')).toEqual({
      kind: 'unreadable',
    });
  });

  it('is nested too deep, whether it ends or not', () => {
    const half = 5_000_000;
    expect(read('['.repeat(half * 2))).toEqual({ kind: 'unreadable' });
    expect(read('['.repeat(half) + ']'.repeat(half))).toEqual({ kind: 'unreadable' });
    expect(read('{"a":'.repeat(half / 5))).toEqual({ kind: 'unreadable' });
  });

  it('starts past a thousand levels', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(read(nested(1000)).kind).toBe('json');
    expect(read(nested(1001)).kind).toBe('unreadable');
    expect(read(`[${'{},'.repeat(2000)}"${'['.repeat(2000)}"]`).kind).toBe('json');
    expect(read(`x${'['.repeat(2000)}`)).toEqual(malformed('Expecting value', 0));
  });
});
