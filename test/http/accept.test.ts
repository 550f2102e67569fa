import { expect, test } from 'vitest';
import { preferredType, wantsPage } from '../../src/http/accept.ts';

const OFFERED = ['application/json', 'application/graphql-response+json'] as const;
const [JSON_TYPE, NEWER] = OFFERED;

test.each([
  [undefined, JSON_TYPE],
  ['', JSON_TYPE],
  ['*/*', JSON_TYPE],
  ['application/*', JSON_TYPE],
  ['text/html', JSON_TYPE],
  [NEWER, NEWER],
  [NEWER.toUpperCase(), NEWER],
  [`${NEWER}; charset=utf-8`, NEWER],
  [`${NEWER}, application/json`, NEWER],
  [`application/json, ${NEWER}`, JSON_TYPE],
  [`application/json;q=0.9,${NEWER}`, NEWER],
  [`${NEWER};q=0.1, application/json;q=0.2`, JSON_TYPE],
  [`${NEWER};q=0`, JSON_TYPE],
  [`${NEWER};q=x, */*;q=0.1`, JSON_TYPE],
])('%j prefers %s', (accept, type) => {
  expect(preferredType(accept, OFFERED)).toBe(type);
});

test('a browser asks for a page, and a program does not', () => {
  expect(wantsPage('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe(true);
  for (const accept of [undefined, '*/*', 'application/json'])
    expect(wantsPage(accept)).toBe(false);
});
