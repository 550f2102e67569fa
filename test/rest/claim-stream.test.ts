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

/** Returns a watch with the test's answers. */
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

test('a stream sends comments, then asks to reconnect and ends', async () => {
  const { watch, listeners } = watchOf(pending);
  const times = { keepAliveMs: 20, lifetimeMs: 110 };
  const text = await claimStream(watch, new AbortController().signal, times).text();
  expect(text).toMatch(
    /^(: ping - \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00\r\n\r\n)+data: {"type": "reconnect"}\r\n\r\n$/,
  );
  expect(listeners.size).toBe(0);
});

test('a claim is sent once, after several changes, and ends the stream', async () => {
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

test('a failed look is repeated with the next heartbeat', async () => {
  let looks = 0;
  const { watch } = watchOf(async () => {
    looks += 1;
    if (looks < 3) throw new Error('the database is unreachable');
    return await claimed();
  });
  const times = { keepAliveMs: 10, lifetimeMs: 200 };
  const text = await claimStream(watch, new AbortController().signal, times).text();
  expect(text.match(/data: {"id"/g)).toHaveLength(1);
});

test('a stream ends silently when it is stopped', async () => {
  const stop = new AbortController();
  const { watch, listeners } = watchOf(pending);
  const response = claimStream(watch, stop.signal, NEVER);
  expect(listeners.size).toBe(1);
  stop.abort();
  expect(await response.text()).toBe('');
  expect(listeners.size).toBe(0);
});

test('a stream ends immediately if it is already stopped', async () => {
  const { watch, listeners } = watchOf(pending);
  const response = claimStream(watch, AbortSignal.abort(), NEVER);
  expect(await response.text()).toBe('');
  expect(listeners.size).toBe(0);
});

test('a stream unsubscribes when its client disconnects, even during a look', async () => {
  let answer = (_progress: ClaimProgress) => {};
  const { watch, listeners } = watchOf(() => new Promise(resolve => (answer = resolve)));
  const response = claimStream(watch, new AbortController().signal, NEVER);
  await response.body?.cancel();
  answer({ state: 'claimed', event: CLAIM });
  expect(listeners.size).toBe(0);
});

test('a stream ends silently, without later claims, when the invitation ends', async () => {
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

test('a stream ends when the invitation expires', async () => {
  const { watch, isClosed } = watchOf(pending, 20);
  expect(await claimStream(watch, new AbortController().signal, NEVER).text()).toBe('');
  expect(isClosed()).toBe(true);
});
