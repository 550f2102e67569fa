import { expect, it } from 'vitest';
import { isUuidV4, parseUuid } from '../../src/rest/uuid.ts';

const canonical = '11111111-1111-4111-8111-11111111abcd';

it.each([
  canonical,
  canonical.toUpperCase(),
  canonical.replaceAll('-', ''),
  `{${canonical}}`,
  `urn:uuid:${canonical}`,
])('accepts %s', text => {
  expect(parseUuid(text)).toEqual({ ok: true, uuid: canonical });
});

it.each([
  ['', 'invalid length: expected length 32 for simple format, found 0'],
  ['1'.repeat(31), 'invalid length: expected length 32 for simple format, found 31'],
  ['1'.repeat(33), 'invalid length: expected length 32 for simple format, found 33'],
  ['xyz', 'invalid character: found `x` at 1'],
  ['claim', 'invalid character: found `l` at 2'],
  [` ${canonical}`, 'invalid character: found ` ` at 1'],
  [`${canonical}\n`, 'invalid character: found `\n` at 37'],
  ['11111111_1111-4111-8111-111111111111', 'invalid character: found `_` at 9'],
  ['11111111-1111-4111-8111-11111111111é', 'invalid character: found `é` at 36'],
  ['😀', 'invalid character: found `😀` at 1'],
  ['{', 'invalid character: found `{` at 1'],
  ['{}', 'invalid group count: expected 5, found 1'],
  ['{x}', 'invalid character: found `x` at 2'],
  [`{${canonical.replaceAll('-', '')}}`, 'invalid group count: expected 5, found 1'],
  ['urn:uuid:x', 'invalid character: found `x` at 10'],
  [`URN:UUID:${canonical}`, 'invalid character: found `U` at 1'],
  [`{urn:uuid:${canonical}}`, 'invalid character: found `u` at 2'],
  ['1111-1111', 'invalid group count: expected 5, found 2'],
  ['-'.repeat(36), 'invalid group count: expected 5, found 37'],
  ['1111111-11111-4111-8111-111111111111', 'invalid group length in group 0: expected 8, found 7'],
  ['11111111-111-14111-8111-111111111111', 'invalid group length in group 1: expected 4, found 3'],
  ['11111111-1111-4111-81111-11111111111', 'invalid group length in group 3: expected 4, found 5'],
  [canonical.slice(0, -1), 'invalid group length in group 4: expected 12, found 11'],
  [`${canonical}1`, 'invalid group length in group 4: expected 12, found 13'],
  [`{${canonical.slice(0, -1)}}`, 'invalid group length in group 4: expected 12, found 13'],
  [`urn:uuid:${canonical.slice(0, -1)}`, 'invalid group length in group 4: expected 12, found 20'],
])('rejects %j: %s', (text, reason) => {
  expect(parseUuid(text)).toEqual({ ok: false, reason });
});

it.each([
  ['11111111-1111-4111-8111-111111111111', true],
  ['11111111-1111-4111-b111-111111111111', true],
  ['11111111-1111-4111-c111-111111111111', false],
  ['11111111-1111-4111-0111-111111111111', false],
  ['11111111-1111-1111-8111-111111111111', false],
  ['11111111-1111-7111-8111-111111111111', false],
  ['00000000-0000-0000-0000-000000000000', false],
])('%s of version 4: %s', (uuid, expected) => {
  expect(isUuidV4(uuid)).toBe(expected);
});
