import { expect, test, vi } from 'vitest';
import { createBatch } from '../../src/db/batch.ts';

/** Creates a batch that finishes when its release is called, and records its inputs. */
function createHeld(options: Partial<Parameters<typeof createBatch<string, string>>[1]> = {}) {
  const batches: string[][] = [];
  const releases: ((error?: Error) => void)[] = [];
  const load = createBatch<string, string>(
    async inputs => {
      batches.push([...inputs]);
      await new Promise<void>((resolve, reject) => {
        releases.push(error => (error ? reject(error) : resolve()));
      });
      return inputs.map(input => input.toUpperCase());
    },
    { inFlight: 1, most: 100, ...options },
  );
  return { batches, releases, load };
}

test('the calls of one turn run as one batch, each with its own result', async () => {
  const { batches, releases, load } = createHeld();
  const results = Promise.all(['a', 'b', 'a'].map(load));
  await vi.waitFor(() => expect(batches).toEqual([['a', 'b', 'a']]));
  releases[0]?.();
  expect(await results).toEqual(['A', 'B', 'A']);
});

test('further calls wait and form one batch while all slots are in use', async () => {
  const { batches, releases, load } = createHeld({ inFlight: 2 });
  const results: Promise<string>[] = [];
  for (const input of ['a', 'b']) {
    results.push(load(input));
    await vi.waitFor(() => expect(batches.at(-1)).toEqual([input]));
  }
  results.push(load('c'), load('d'));
  releases[1]?.();
  await vi.waitFor(() => expect(batches).toEqual([['a'], ['b'], ['c', 'd']]));
  for (const release of releases) release();
  expect(await Promise.all(results)).toEqual(['A', 'B', 'C', 'D']);
});

test('groups run in separate batches and take turns', async () => {
  const { batches, releases, load } = createHeld({ groupOf: input => input.charAt(0), most: 2 });
  const results = Promise.all(['a1', 'b1', 'a2', 'a3'].map(load));
  await vi.waitFor(() => expect(batches).toEqual([['a1', 'a2']]));
  releases[0]?.();
  await vi.waitFor(() => expect(batches).toEqual([['a1', 'a2'], ['b1']]));
  releases[1]?.();
  await vi.waitFor(() => expect(batches).toEqual([['a1', 'a2'], ['b1'], ['a3']]));
  releases[2]?.();
  expect(await results).toEqual(['A1', 'B1', 'A2', 'A3']);
});

test('a slow batch delays its own group only', async () => {
  const { batches, releases, load } = createHeld({ groupOf: input => input });
  const slow = load('slow');
  await vi.waitFor(() => expect(batches).toEqual([['slow']]));
  const results = [load('slow'), load('other')];
  await vi.waitFor(() => expect(batches).toEqual([['slow'], ['other']]));
  releases[0]?.();
  await vi.waitFor(() => expect(releases).toHaveLength(3));
  for (const release of releases) release();
  expect(await Promise.all([slow, ...results])).toEqual(['SLOW', 'SLOW', 'OTHER']);
});

test('a failed batch fails all its calls, and no later ones', async () => {
  const { batches, releases, load } = createHeld();
  const failing = Promise.allSettled([load('a'), load('b')]);
  await vi.waitFor(() => expect(batches).toHaveLength(1));
  const next = load('c');
  releases[0]?.(new Error('gone'));
  expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await vi.waitFor(() => expect(batches).toEqual([['a', 'b'], ['c']]));
  releases[1]?.();
  expect(await next).toBe('C');
});
