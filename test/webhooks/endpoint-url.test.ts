import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../../src/domain/errors.ts';
import { requireEndpointUrl } from '../../src/webhooks/endpoint-url.ts';

/** Returns the code of the error for a URL; undefined if the URL is valid. */
function codeFor(url: string, { allowPrivate = false } = {}): string | undefined {
  try {
    requireEndpointUrl(url, { allowPrivate });
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInput) return error.issues[0]?.code;
    throw error;
  }
}

describe('a valid endpoint URL', () => {
  test.each([
    'https://hooks.acme.example/usher',
    'http://hooks.acme.example:8080/usher?from=seats&x=%20',
    'HTTPS://Hooks.Acme.Example',
    'https://bücher.example/hook',
    'https://8.8.8.8/hook',
    'https://172.15.255.255/hook',
    'https://172.32.0.0/hook',
    'https://[2606:4700::1111]/hook',
    'https://localhost.acme.example/hook',
    `https://acme.example/${'x'.repeat(2_027)}`,
  ])('%s', url => {
    expect(codeFor(url)).toBeUndefined();
  });
});

describe('an invalid endpoint URL', () => {
  test.each([
    ['', 'URL'],
    ['/usher', 'URL'],
    ['https://', 'URL'],
    ['https:hooks.acme.example', 'URL'],
    ['https:\\\\hooks.acme.example', 'URL'],
    ['https://hooks.acme.example\\@evil.example', 'URL'],
    ['https://hooks.acme.example/a b', 'URL'],
    [' https://hooks.acme.example', 'URL'],
    ['https://hooks.acme.example/\n', 'URL'],
    ['https://hooks.acme.example:99999', 'URL'],
    ['ws://hooks.acme.example', 'URL'],
    ['file:///etc/passwd', 'URL'],
    ['javascript:alert(1)', 'URL'],
    ['https://ada@hooks.acme.example', 'CREDENTIALS'],
    ['https://:secret@hooks.acme.example', 'CREDENTIALS'],
    ['https://hooks.acme.example/#', 'FRAGMENT'],
    ['https://hooks.acme.example/\0', 'TEXT'],
    ['https://hooks.acme.example/\udc00', 'TEXT'],
    [`https://acme.example/${'x'.repeat(2_028)}`, 'TOO_LONG'],
  ])('%j: %s', (url, code) => {
    expect(codeFor(url)).toBe(code);
    expect(codeFor(url, { allowPrivate: true })).toBe(code);
  });
});

describe('a private host is invalid unless private addresses are allowed', () => {
  test.each([
    'localhost',
    'LOCALHOST:4000',
    'localhost.',
    'hooks.localhost',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '127.0.0.1.',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.7',
    '224.0.0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:8.8.8.8]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2001::1]',
    '[2001:db8::1]',
    '[fc00::1]',
    '[fd12:3456::1]',
    '[fe80::1]',
    '[ff02::1]',
  ])('%s', host => {
    expect(codeFor(`http://${host}/hook`)).toBe('PRIVATE_ADDRESS');
    expect(codeFor(`http://${host}/hook`, { allowPrivate: true })).toBeUndefined();
  });
});
