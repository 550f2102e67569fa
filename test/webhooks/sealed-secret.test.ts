import { expect, test } from 'vitest';
import { openSecret, sealPrefix, sealSecret } from '../../src/webhooks/sealed-secret.ts';

const KEY = 'a key for tests, thirty-two bytes or more';
const OTHER = 'another key for tests, thirty-two bytes or more';
const ID = '5a3e4d7c-6f0b-4b1e-9a27-0d5f5d6f1c11';
const SECRET = 'whsec_8f3QmW0kYvXo1nR5sT7uB9cD2eF4gH6iJ';

test('a secret opens with its key, also as the previous one, and is another text each time', () => {
  const sealed = sealSecret(KEY, ID, SECRET);
  expect(openSecret({ secretKey: KEY }, ID, sealed)).toBe(SECRET);
  expect(openSecret({ secretKey: OTHER, previousSecretKey: KEY }, ID, sealed)).toBe(SECRET);
  expect(sealed).toMatch(/^v1:[\w-]{8}:[\w-]+$/);
  expect(sealed.startsWith(sealPrefix(KEY))).toBe(true);
  expect(sealed).not.toContain('whsec_');
  expect(sealSecret(KEY, ID, SECRET)).not.toBe(sealed);
});

test('it opens for no other endpoint, with no other key, and not when it was changed', () => {
  const sealed = sealSecret(KEY, ID, SECRET);
  const keys = { secretKey: KEY };
  expect(openSecret(keys, ID.replace('5a', '5b'), sealed)).toBeUndefined();
  expect(openSecret({ secretKey: OTHER }, ID, sealed)).toBeUndefined();
  const forged = sealed.replace(sealPrefix(KEY), sealPrefix(OTHER));
  expect(openSecret({ secretKey: OTHER }, ID, forged)).toBeUndefined();
  const body = Buffer.from(sealed.slice(sealPrefix(KEY).length), 'base64url');
  for (const [at] of body.entries()) {
    const changed = Buffer.from(body);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(openSecret(keys, ID, sealPrefix(KEY) + changed.toString('base64url'))).toBeUndefined();
  }
  for (const cut of [sealPrefix(KEY), '', 'v2:x:y', sealed.slice(0, -8)]) {
    expect(openSecret(keys, ID, cut)).toBeUndefined();
  }
});
