import { describe, expect, test } from 'vitest';
import { JsonSyntaxError, parseJson as parseFile } from '../../src/import/json-text.ts';
import { inexactNumberIn, inexactProblem, parseJson } from '../../src/json/exact-numbers.ts';

describe('a number', () => {
  test.each(['0', '1', '-1.5', '1.50', '0.1', '1e21', '100000000000000000000000', '5e-324'])(
    '%s is exact',
    token => {
      expect(inexactProblem(token)).toBeUndefined();
    },
  );

  test.each(['12345678901234567890', '0.1234567890123456789', '1e400', '-0', '-0.0', '1e-400'])(
    '%s is inexact',
    token => {
      expect(inexactProblem(token)).toContain(token);
    },
  );

  test('with very many digits is inexact, and is checked quickly', () => {
    expect(inexactProblem(`0.1${'0'.repeat(1_000_000)}1`)).toBeDefined();
  });
});

describe('the path of an inexact number', () => {
  test.each<[string, (string | number)[] | undefined]>([
    ['{"a":{"b":[1,2,12345678901234567890]}}', ['a', 'b', 2]],
    ['{"a":1,"b":{"c":-0}}', ['b', 'c']],
    ['[[[1e400]]]', [0, 0, 0]],
    ['{"a":"12345678901234567890","b":1.5}', undefined],
  ])('in %s', (text, path) => {
    expect(inexactNumberIn(parseJson(text))?.path).toEqual(path);
  });
});

test('an unterminated string in an import file is refused quickly', () => {
  const text = `{"organizations":[{"name":"${'a'.repeat(100_000)}\n}]}`;
  expect(() => parseFile(text)).toThrow(JsonSyntaxError);
});
