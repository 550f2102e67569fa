import { describe, expect, it } from 'vitest';
import { JsonSyntaxError, parseJson } from '../../src/import/json-text.ts';

describe('parseJson', () => {
  it.each(['{"a": [1, -2.5e+3, "é\\u00e9\\n", true, false, null, {}, []]}', ' 7 ', '""'])(
    'reads %s',
    text => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    },
  );

  it('ignores a byte order mark', () => {
    expect(parseJson('\uFEFF{}')).toEqual({});
  });

  it.each([
    ['', 'line 1, column 1: Expecting value'],
    ['{\n  "a": 1,\n}', 'line 2, column 9: Illegal trailing comma before end of object'],
    ['{\n  "a": }', 'line 2, column 8: Expecting value'],
    ['{a: 1}', 'line 1, column 2: Expecting property name enclosed in double quotes'],
    ['{"a" 1}', "line 1, column 6: Expecting ':' delimiter"],
    ['{"a": 1 "b": 2}', "line 1, column 9: Expecting ',' delimiter"],
    ['[1 2]', "line 1, column 4: Expecting ',' delimiter"],
    ['[1,]', 'line 1, column 3: Illegal trailing comma before end of array'],
    ['[nul]', 'line 1, column 2: Expecting value'],
    ['[NaN]', 'line 1, column 2: Expecting value'],
    ['[01]', "line 1, column 3: Expecting ',' delimiter"],
    ['[1', "line 1, column 3: Expecting ',' delimiter"],
    ['{} {}', 'line 1, column 4: Extra data'],
    ['["a\nb"]', 'line 1, column 4: Invalid control character at'],
    ['["a]', 'line 1, column 2: Unterminated string starting at'],
    ['{"\\x": 1}', 'line 1, column 3: Invalid \\escape'],
  ])('tells where %j breaks', (text, message) => {
    expect(() => parseJson(text)).toThrow(new JsonSyntaxError(message));
  });

  it('finds an error far into the text and deeply nested', () => {
    const text = `${'['.repeat(900)}"${'long '.repeat(1_000_000)}",\nnul]`;
    expect(() => parseJson(text)).toThrow('line 2, column 1: Expecting value');
  });

  it('refuses a text that is nested too deeply', () => {
    const text = '['.repeat(100_000);
    expect(() => parseJson(text)).toThrow('The file is nested deeper than 1000 levels.');
  });
});

it.each([
  [
    '{"organizations":[{}],"organizations":[]}',
    'line 1, column 23: organizations is a duplicate key',
  ],
  ['{"a":[{},{"b":1,\n "c":2,"b":3}]}', 'line 2, column 8: a[1].b is a duplicate key'],
  ['{"key":1,"k\\u0065y":2}', 'line 1, column 10: key is a duplicate key'],
  ['{"a":{"":1,"":2}}', 'line 1, column 12: a[""] is a duplicate key'],
])('refuses a key that an object has twice: %s', (text, message) => {
  expect(() => parseJson(text)).toThrow(message);
});

it('accepts the same key in different objects, and __proto__', () => {
  expect(parseJson('[{"a":1,"b":{"a":2}},{"a":3}]')).toEqual([{ a: 1, b: { a: 2 } }, { a: 3 }]);
  expect(Object.keys(Object(parseJson('{"__proto__":1}')))).toEqual(['__proto__']);
});
