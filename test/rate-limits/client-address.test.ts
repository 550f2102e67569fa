import { afterEach, describe, expect, test } from 'vitest';
import type { Key } from '../../src/rate-limits/buckets.ts';
import { addressKeys, type TrustedProxies } from '../../src/rate-limits/client-address.ts';
import { UNLIMITED } from '../../src/rate-limits/rate-limits.ts';
import { callFrom } from '../support/from-address.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

const idsOf = (address: string) => addressKeys(address).map(({ id }: Key) => id);

describe('whose quota an address uses', () => {
  test.each([
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['192.0.2.1', '::ffff:c000:201'],
    ['192.0.2.1', '64:ff9b::192.0.2.1'],
    ['2001:db8:1:2::1', '2001:DB8:1:2:ffff:ffff:ffff:ffff'],
    ['fe80::1', 'fe80::2%eth0'],
  ])('%s and %s use the same', (one, other) => {
    expect(idsOf(other)).toEqual(idsOf(one));
  });

  test.each([
    ['192.0.2.1', '192.0.2.2'],
    ['64:ff9b::192.0.2.1', '64:ff9b::192.0.2.2'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
  ])('%s and %s have one each', (one, other) => {
    expect(idsOf(other)[0]).not.toEqual(idsOf(one)[0]);
  });

  test('the networks of one IPv6 site share sixteen times the quota', () => {
    const [, site] = addressKeys('2001:db8:1:2::1');
    expect(site?.weight).toBe(1 / 16);
    expect(addressKeys('2001:db8:1:3::1')[1]).toEqual(site);
    expect(addressKeys('2001:db8:2:2::1')[1]).not.toEqual(site);
  });

  test('callers without a readable address share one bucket', () => {
    expect(addressKeys(undefined)).toEqual(addressKeys('unknown'));
  });
});

describe('behind proxies', () => {
  const LIMIT = 2;
  const opened: TestUsher[] = [];
  afterEach(async () => {
    for (const usher of opened.splice(0)) await usher.close();
  });

  /** How many requests pass, each with a header of its own, from an address. */
  async function passing(
    trustedProxies: TrustedProxies,
    headers: readonly string[],
    from = '127.0.0.1',
  ): Promise<number> {
    const rateLimits = { ...UNLIMITED, anonymous: LIMIT, trustedProxies };
    const usher = await startUsher({ rateLimits, clockStands: true });
    opened.push(usher);
    let passed = 0;
    for (const header of headers) {
      const sent = { from, headers: { 'x-forwarded-for': header } };
      const { status } = await callFrom(`${usher.url}/v1/none`, sent);
      if (status !== 429) passed += 1;
    }
    return passed;
  }

  const clients = Array.from({ length: 6 }, (_, i) => `203.0.113.${i}`);
  const spoofed = clients.map(client => `${client}, 198.51.100.1`);

  test.each<[string, TrustedProxies, readonly string[], string, number]>([
    ['none is trusted', 0, clients, '127.0.0.1', LIMIT],
    ['one hop: each client counts', 1, clients, '127.0.0.1', 6],
    ['one hop: what the client wrote before does not', 1, spoofed, '127.0.0.1', LIMIT],
    ['two hops: the one before the last counts', 2, spoofed, '127.0.0.1', 6],
    ['a list: from a proxy of it', ['127.0.0.0/30'], clients, '127.0.0.2', 6],
    ['a list: from anybody else', ['127.0.0.0/30'], clients, '127.0.0.9', LIMIT],
    ['a list: the first that is no proxy counts', ['loopback'], spoofed, '127.0.0.1', LIMIT],
    [
      'a port behind the address is left out',
      1,
      clients.map((_, i) => `203.0.113.9:${i}`),
      '127.0.0.1',
      LIMIT,
    ],
    [
      'what is no address is the proxy’s',
      1,
      clients.map((_, i) => `no address ${i}`),
      '127.0.0.1',
      LIMIT,
    ],
  ])('%s', async (_name, proxies, headers, from, expected) => {
    expect(await passing(proxies, headers, from)).toBe(expected);
  });
});
