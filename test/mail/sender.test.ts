import { expect, test } from 'vitest';
import { senderOf } from '../../src/mail/sender.ts';

test.each([
  ['https://seats.acme.example:8443/usher', 'no-reply@seats.acme.example'],
  ['http://127.0.0.1:4000', 'no-reply@[127.0.0.1]'],
  ['http://[::1]:4000', 'no-reply@[IPv6:::1]'],
  ['http://localhost:4000', 'no-reply@localhost'],
])('without a configured sender, the address is at the host of %s', (publicUrl, address) => {
  expect(senderOf(undefined)('Acme', publicUrl)).toEqual({ name: 'Acme via usher', address });
});

test('a configured sender keeps its address and its name', () => {
  const url = 'https://seats.acme.example';
  const address = 'seats@acme.example';
  expect(senderOf(address)('Acme', url)).toEqual({ name: 'Acme', address });
  expect(senderOf('"Acme, Seats" <seats@acme.example>')('Acme', url)).toEqual({
    name: 'Acme, Seats',
    address,
  });
});

test('a mail without an organization comes from usher', () => {
  expect(senderOf(undefined)(undefined, 'http://localhost:4000').name).toBe('usher');
  expect(senderOf('seats@acme.example')(undefined, 'http://localhost:4000').name).toBe('usher');
});

test('a name is one line and cannot inject a header', () => {
  const { name } = senderOf(undefined)('Eve\r\nBcc: x@y.example', 'https://seats.acme.example');
  expect(name).toBe('Eve Bcc: x@y.example via usher');
});

test.each(['Acme', '@', 'a@b.example, c@d.example', 'Team: a@b.example, c@d.example;', '<@x>'])(
  '%s is not a valid sender',
  mailFrom => {
    expect(() => senderOf(mailFrom)).toThrow('MAIL_FROM must be one address');
  },
);
