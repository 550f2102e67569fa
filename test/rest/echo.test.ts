import { expect, test } from 'vitest';
import { echo } from '../../src/rest/echo.ts';

const LONGEST = 4096;

test.each([
  null,
  5,
  true,
  '',
  'é😀\0\ud800',
  [],
  {},
  [[[]], {}],
  { a: [1, 'b', { c: null }], '': '…' },
  'x'.repeat(4000),
  JSON.parse('{"__proto__":{"x":1}}'),
])('%j is repeated unchanged', input => {
  expect(JSON.stringify(echo(input))).toBe(JSON.stringify(input));
});

const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}"x"${']'.repeat(depth)}`);

test.each([
  ['a text', 'x'.repeat(100_000)],
  ['a text of escapes', '\0'.repeat(100_000)],
  ['a text of pairs', '😀'.repeat(100_000)],
  ['a text of halves', '\ud800'.repeat(100_000)],
  ['a list', Array.from({ length: 100_000 }, (_, i) => i)],
  ['a list of empty texts', Array.from({ length: 100_000 }, () => '')],
  ['a list of lists', Array.from({ length: 1000 }, () => nested(90))],
  ['many keys', Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, NaN]))],
  ['a long key', { ['k'.repeat(100_000)]: { b: 'x'.repeat(100_000) } }],
  ['a depth', nested(5000)],
  ['a text deep down', { a: { b: [{ c: 'x'.repeat(100_000) }] } }],
])('only the beginning of %s too long is repeated', (_name, input) => {
  const text = JSON.stringify(echo(input));
  expect(text).toContain('…');
  expect(text.length).toBeLessThan(LONGEST * 1.2);
  expect(text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
});

test('a truncated input keeps its type and its beginning', () => {
  expect(echo({ a: 1, b: { c: 'x'.repeat(9000), d: 2 } })).toEqual({
    a: 1,
    b: { c: expect.stringMatching(/^x{4000,}…$/), '…': '…' },
  });
  expect(echo(['x'.repeat(9000), 2])).toEqual([expect.stringMatching(/^x+…$/), '…']);
});
