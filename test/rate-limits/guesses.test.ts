import { expect, test } from 'vitest';
import { createBuckets } from '../../src/rate-limits/buckets.ts';
import { createGuesses } from '../../src/rate-limits/guesses.ts';
import { TooManyRequests } from '../../src/rate-limits/too-many-requests.ts';

const LIMIT = 3;
const KEYS = [{ id: 'somebody', weight: 1 }];

/** Look-ups of one caller that all begin before any is answered: `answer` then answers those that wait for it. */
function given() {
  const guesses = createGuesses(createBuckets({ name: 'test', limit: LIMIT }, () => 0));
  const asked: ((isRight: boolean) => void)[] = [];
  const look = () =>
    guesses.look(
      KEYS,
      () => new Promise<boolean>(resolve => void asked.push(resolve)),
      async isRight => isRight,
    );
  const answer = async (isRight: boolean) => {
    for (const resolve of asked.splice(0)) resolve(isRight);
    await new Promise(setImmediate);
  };
  return { guesses, asked, look, answer };
}

test('guesses past the quota wait until those under way are known to be right', async () => {
  const { asked, look, answer } = given();
  const looks = Promise.all(Array.from({ length: 4 * LIMIT }, look));
  for (let i = 0; i < 4; i++) {
    expect(asked).toHaveLength(LIMIT);
    await answer(true);
  }
  expect(await looks).toEqual(Array(4 * LIMIT).fill(true));
});

test('concurrent wrong guesses are looked up within the quota only', async () => {
  const { asked, look, answer } = given();
  const looks = Promise.allSettled(Array.from({ length: 100 }, look));
  expect(asked).toHaveLength(LIMIT);
  await answer(false);
  expect(asked).toHaveLength(0);
  const reasons = (await looks).flatMap(result => ('reason' in result ? [result.reason] : []));
  expect(reasons).toHaveLength(100 - LIMIT);
  for (const reason of reasons) expect(reason).toBeInstanceOf(TooManyRequests);
});

test('what is under way does not count against several guesses in one request', async () => {
  const { guesses, look, answer } = given();
  const looks = Promise.all([look(), look()]);
  expect(() => guesses.requireRoom(KEYS, LIMIT)).not.toThrow();
  await answer(false);
  expect(await looks).toEqual([false, false]);
  expect(() => guesses.requireRoom(KEYS, LIMIT)).toThrow(TooManyRequests);
  expect(() => guesses.requireRoom(KEYS, 1)).not.toThrow();
});
