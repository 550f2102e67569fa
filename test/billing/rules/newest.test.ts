import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideNews, type KnownRow, type News } from '../../../src/billing/rules/newest.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

/** Applies news one after another to a row that does not exist. */
function apply(news: readonly News[]) {
  return news.reduce<KnownRow | null>(
    (known, each) => decideNews('subscriptions', known, each),
    null,
  );
}

const news = fc.record({
  values: fc.record(
    {
      status: fc.constantFrom('active', 'past_due', 'canceled'),
      seats: fc.option(fc.integer({ min: 0, max: 3 })),
      external_id: fc.option(fc.constantFrom('a', 'b')),
    },
    { requiredKeys: [] },
  ),
  asOf: fc.integer({ min: 1, max: 4 }).map(at),
});

describe('news', () => {
  test('leads to the same row in any order, however often it is told', () => {
    fc.assert(
      fc.property(
        fc.array(news, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (all, keys) => {
          const shuffled = [...all, ...all]
            .map(each => ({ each, key: keys.next().value ?? 0 }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ each }) => each);
          expect(apply(shuffled)?.values).toEqual(apply(all)?.values);
        },
      ),
    );
  });

  test('is stale once it is known as of the same or a later time', () => {
    fc.assert(
      fc.property(fc.array(news, { minLength: 1, maxLength: 6 }), all => {
        const known = apply(all);
        for (const each of all) {
          const decision = decideNews('subscriptions', known, each);
          expect(decision).toMatchObject({ outcome: 'stale', values: known?.values });
        }
      }),
    );
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['the later status', { status: 'incomplete' }, { status: 'active' }],
    ['the later status of an order', { status: 'paid' }, { status: 'refunded' }],
    ['more seats', { seats: 9 }, { seats: 10 }],
    ['any number of seats', { seats: null }, { seats: 0 }],
    ['the text that sorts last', { external_id: 'a' }, { external_id: 'b' }],
  ])('as of one time, %s wins', (_, less, more) => {
    const [a, b] = [less, more].map(values => ({ values, asOf: at(1) }));
    for (const pair of [
      [a, b],
      [b, a],
    ] as News[][])
      expect(apply(pair)?.values).toMatchObject(more);
  });

  test('without a time replaces what is known, and is replaced by news of any time', () => {
    const told = { values: { seats: 3 }, asOf: at(9) };
    const imported = { values: { seats: 4 }, asOf: null };
    const older = { values: { seats: 5 }, asOf: at(1) };
    expect(apply([told, imported])).toMatchObject({ values: { seats: 4 } });
    expect(apply([told, imported, older])).toMatchObject({
      values: { seats: 5 },
      outcome: 'changed',
    });
    const same = { values: { seats: 3 }, asOf: null };
    expect(apply([told, same, older])).toMatchObject({ values: { seats: 3 }, outcome: 'stale' });
  });
});
