import { expect, test } from 'vitest';
import { claimStream } from '../../src/rest/claim-stream.ts';
import type {
  ClaimEvent,
  ClaimProgress,
  ClaimWatch,
} from '../../src/seats/invitation/watch-claim.ts';

const NEVER = { keepAliveMs: 600_000, lifetimeMs: 600_000 };

const CLAIM: ClaimEvent = {
  id: 'e0000000-0000-4000-8000-000000000000',
  key: 'customer_seat.claimed',
  seatId: 'a0000000-0000-4000-8000-000000000000',
  subscriptionId: null,
  orderId: 'b0000000-0000-4000-8000-000000000000',
  productId: null,
};

/** A watch that the test answers for. */
function watchOf(look: () => Promise<ClaimProgress>, msLeft: number | null = null) {
  const listeners = new Set<() => void>();
  let isClosed = false;
  const watch: ClaimWatch = {
    msLeft,
    look,
    close() {
      isClosed = true;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const change = () => {
    for (const listener of listeners) listener();
  };
  return { watch, listeners, change, isClosed: () => isClosed };
}

const pending = async () => ({ state: 'pending' }) as const;
const claimed = async () => ({ state: 'claimed', event: CLAIM }) as const;

test('every so often a comment shows that it lives, until it asks to reconnect and ends', async () => {
  const { watch, listeners } = watchOf(pending);
  const times = { keepAliveMs: 20, lifetimeMs: 110 };
  const text = await claimStream(watch, new AbortController().signal, times).text();
  expect(text).toMatch(
    /^(: ping - \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00\r\n\r\n)+data: {"type": "reconnect"}\r\n\r\n$/,
  );
  expect(listeners.size).toBe(0);
});

test('a claim is told once, however often the seat changes, and is the end', async () => {
  const { watch, change, listeners, isClosed } = watchOf(claimed);
  const response = claimStream(watch, new AbortController().signal, NEVER);
  change();
  change();
  expect(await response.text()).toBe(
    'data: {"id":"e0000000-0000-4000-8000-000000000000","key":"customer_seat.claimed","payload":' +
      '{"seat_id":"a0000000-0000-4000-8000-000000000000","subscription_id":null,' +
      '"order_id":"b0000000-0000-4000-8000-000000000000","product_id":null}}\r\n\r\n',
  );
  expect([listeners.size, isClosed()]).toEqual([0, true]);
});

test('a look that fails is made up for by the next sign of life', async () => {
  let looks = 0;
  const { watch } = watchOf(async () => {
    looks += 1;
    if (looks < 3) throw new Error('the database is away');
    return await claimed();
  });
  const times = { keepAliveMs: 10, lifetimeMs: 200 };
  const text = await claimStream(watch, new AbortController().signal, times).text();
  expect(text.match(/data: {"id"/g)).toHaveLength(1);
});

test('it ends when it is told to stop, without a word', async () => {
  const stop = new AbortController();
  const { watch, listeners } = watchOf(pending);
  const response = claimStream(watch, stop.signal, NEVER);
  expect(listeners.size).toBe(1);
  stop.abort();
  expect(await response.text()).toBe('');
  expect(listeners.size).toBe(0);
});

test('it ends at once where the stop came before it began', async () => {
  const { watch, listeners } = watchOf(pending);
  const response = claimStream(watch, AbortSignal.abort(), NEVER);
  expect(await response.text()).toBe('');
  expect(listeners.size).toBe(0);
});

test('it forgets a client that has gone, even while it looks', async () => {
  let answer = (_progress: ClaimProgress) => {};
  const { watch, listeners } = watchOf(() => new Promise(resolve => (answer = resolve)));
  const response = claimStream(watch, new AbortController().signal, NEVER);
  await response.body?.cancel();
  answer({ state: 'claimed', event: CLAIM });
  expect(listeners.size).toBe(0);
});

test('it ends without a word, and tells of no claim to come, where the invitation has ended', async () => {
  let progress: ClaimProgress = { state: 'pending' };
  const { watch, change, listeners, isClosed } = watchOf(async () => progress);
  const response = claimStream(watch, new AbortController().signal, NEVER);
  progress = { state: 'ended' };
  change();
  progress = { state: 'claimed', event: CLAIM };
  change();
  expect(await response.text()).toBe('');
  expect([listeners.size, isClosed()]).toEqual([0, true]);
});

test('it ends when the invitation runs out', async () => {
  const { watch, isClosed } = watchOf(pending, 20);
  expect(await claimStream(watch, new AbortController().signal, NEVER).text()).toBe('');
  expect(isClosed()).toBe(true);
});
