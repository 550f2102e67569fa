import { describe, expect, it, test } from 'vitest';
import { checkMetadata } from '../../src/seats/metadata.ts';

const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [n, 1]));

describe('metadata is measured as json.dumps writes it', () => {
  it.each([
    ['plain text', { k: 'x'.repeat(1015) }, { k: 'x'.repeat(1016) }],
    ['six characters for one above ASCII', { k: 'é'.repeat(169) }, { k: 'é'.repeat(170) }],
    ['twelve for one above U+FFFF', { k: '😀'.repeat(84) }, { k: '😀'.repeat(85) }],
    ['two for a quote', { k: '"'.repeat(507) }, { k: '"'.repeat(508) }],
    ['six for a control character', { k: '\x7f'.repeat(169) }, { k: '\x7f'.repeat(170) }],
    ['two for a line feed', { k: '\n'.repeat(507) }, { k: '\n'.repeat(508) }],
    ['a space after each comma', { k: Array(339).fill(1) }, { k: Array(340).fill(1) }],
    ['keys as text', { ['é'.repeat(169)]: 'x' }, { ['é'.repeat(170)]: 'x' }],
    ['exponents of two digits', { k: Array(145).fill(1e-7) }, { k: Array(146).fill(1e-7) }],
  ])('%s', (_, fits, exceeds) => {
    expect(checkMetadata(fits)).toBeUndefined();
    expect(checkMetadata(exceeds)).toBe('Metadata size cannot exceed 1KB');
  });

  it.each([
    ['nested objects', 1008, (pad: string) => ({ a: { b: pad } })],
    ['constants', 994, (pad: string) => ({ k: [true, false, null, pad] })],
    ['small fractions', 1003, (pad: string) => ({ k: 0.00001, p: pad })],
    ['fractions', 1000, (pad: string) => ({ k: -12.0625, p: pad })],
  ])('to the character: %s', (_, room, metadata) => {
    expect(checkMetadata(metadata('x'.repeat(room)))).toBeUndefined();
    expect(checkMetadata(metadata('x'.repeat(room + 1)))).toBe('Metadata size cannot exceed 1KB');
  });
});

it('counts keys at the top alone', () => {
  expect(checkMetadata({})).toBeUndefined();
  expect(checkMetadata(keys(10))).toBeUndefined();
  expect(checkMetadata(keys(11))).toBe('Metadata cannot have more than 10 keys');
  expect(checkMetadata({ nested: keys(11) })).toBeUndefined();
});

it.each([
  ['a text', { a: 'x\0' }],
  ['a nested text', { a: { b: [{ c: 'x\0' }] } }],
  ['a key', { 'a\0': 1 }],
  ['a nested key', { a: [{ 'b\0': 1 }] }],
  ['half a surrogate pair', { a: '\ud83d' }],
])('refuses what PostgreSQL cannot store in %s', (_, metadata) => {
  expect(checkMetadata(metadata)).toBe('This value contains invalid characters');
});

it('tells of characters before keys, and of keys before size', () => {
  const large = { ...keys(11), a: 'x'.repeat(2000) };
  expect(checkMetadata(large)).toBe('Metadata cannot have more than 10 keys');
  expect(checkMetadata({ ...large, b: '\0' })).toBe('This value contains invalid characters');
});

it('stands any depth', () => {
  let deep: unknown = 'bottom';
  for (let depth = 0; depth < 200_000; depth++) deep = [deep];
  expect(checkMetadata({ deep })).toBe('Metadata size cannot exceed 1KB');
});

test.each(['{"__proto__":null}', '{"a":{"__proto__":{"x":1}}}'])(
  '%s is refused, at any depth',
  text => {
    expect(checkMetadata(JSON.parse(text))).toBe('This value contains invalid characters');
  },
);
