import { describe, expect, test } from 'vitest';
import { createBuckets } from '../../src/rate-limits/buckets.ts';

const keyOf = (id: string) => [{ id, weight: 1 }];
const POLICY = { name: 'test', limit: 10 };

/** Buckets on a clock of the test's own. */
function given(options?: { mostKeys: number }) {
  let at = 0;
  const buckets = createBuckets(POLICY, () => at, options);
  const advance = (ms: number) => {
    at += ms;
  };
  return { buckets, advance };
}

describe('a quota', () => {
  test('can be used immediately, and refills evenly', () => {
    const { buckets, advance } = given();
    const key = keyOf('a');
    for (let i = 0; i < 10; i++) expect(buckets.take(key)).toBe(0);
    expect(buckets.take(key)).toBe(6_000);
    // A refusal costs nothing.
    expect(buckets.take(key)).toBe(6_000);
    advance(6_000);
    expect(buckets.take(key)).toBe(0);
    expect(buckets.take(key)).toBe(6_000);
    expect(buckets.take(key, 10)).toBe(60_000);
    advance(600_000);
    expect(buckets.remaining(key)).toBe(10);
    expect(buckets.take(key, 10)).toBe(0);
  });

  test('has no more than it can have once something is given back', () => {
    const { buckets } = given();
    const key = keyOf('a');
    buckets.giveBack(key, 5);
    expect(buckets.remaining(key)).toBe(10);
    buckets.take(key, 3);
    buckets.giveBack(key);
    expect(buckets.remaining(key)).toBe(8);
  });

  test('of a whole network is taken with that of each of its addresses, or not at all', () => {
    const { buckets } = given();
    const network = { id: 'network', weight: 1 / 2 };
    const keys = (id: string) => [...keyOf(id), network];
    expect(buckets.take(keys('a'), 10)).toBe(0);
    expect(buckets.take(keys('b'), 10)).toBe(0);
    expect(buckets.take(keys('c'))).toBe(3_000);
    expect(buckets.remaining(keyOf('c'))).toBe(10);
  });
});

test('a million callers take no more memory than the number that is kept', () => {
  const { buckets } = given({ mostKeys: 100 });
  buckets.take(keyOf('busy'), 10);
  for (let i = 0; i < 1_000_000; i++) {
    buckets.take(keyOf(`stranger ${i}`));
    // They do not evict an active caller.
    if (i % 50 === 0) buckets.take(keyOf('busy'));
  }
  expect(buckets.take(keyOf('busy'))).toBe(6_000);
  // The first stranger is.
  expect(buckets.remaining(keyOf('stranger 0'))).toBe(10);
});
