import { once } from 'node:events';
import { createServer } from 'node:http';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSender } from '../../src/webhooks/send.ts';

let calls = 0;
const receiver = createServer((_request, response) => {
  calls += 1;
  response.end('secret');
});
let port = 0;
beforeAll(async () => {
  receiver.listen(0, '::');
  await once(receiver, 'listening');
  const address = receiver.address();
  if (typeof address === 'object' && address) port = address.port;
});
afterAll(() => void receiver.close());

describe('a sender without private addresses', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '0.0.0.0',
    '10.0.0.1',
    '169.254.169.254',
    'localhost',
    'localhost.',
    'usher.localhost',
    hostname(),
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fec0::1]',
    '[4000::1]',
  ])('does not connect to %s', async host => {
    const sender = createSender({ allowPrivateAddresses: false });
    for (const scheme of ['http', 'https']) {
      const post = sender.post(`${scheme}://${host}:${port}/`, {}, '{}');
      await expect(post).rejects.toThrow('The address is private, which is not allowed');
    }
    expect(calls).toBe(0);
    sender.close();
  });
});

test('a sender with private addresses connects to localhost', async () => {
  const sender = createSender({ allowPrivateAddresses: true });
  const answer = await sender.post(`http://localhost:${port}/`, {}, '{}');
  expect(answer).toEqual({ status: 200, body: 'secret' });
  sender.close();
});
