import { expect, test } from 'vitest';
import { claimStream } from '../../src/rest/claim-stream.ts';
import type { ClaimEvent, ClaimWatch } from '../../src/seats/watch-claim.ts';

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
function watchOf(claimed: () => Promise<ClaimEvent | undefined>) {
  const listeners = new Set<() => void>();
  const watch: ClaimWatch = {
    claimed,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const change = () => {
    for (const listener of listeners) listener();
  };
  return { watch, listeners, change };
}

const pending = async () => undefined;

test('every so often a comment shows that it lives, until it asks to reconnect and ends', async () => {
  const { watch, listeners } = watchOf(pending);
  const times = { keepAliveMs: 20, lifetimeMs: 110 };
  const text = await claimStream(watch, new AbortController().signal, times).text();
  expect(text).toMatch(
    /^(: ping - \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00\r\n\r\n)+data: {"type": "reconnect"}\r\n\r\n$/,
  );
  expect(listeners.size).toBe(0);
});

test('a claim is told once, however often the seat changes', async () => {
  const { watch, change } = watchOf(async () => CLAIM);
  const response = claimStream(watch, new AbortController().signal, { ...NEVER, lifetimeMs: 50 });
  change();
  change();
  expect(await response.text()).toBe(
    'data: {"id":"e0000000-0000-4000-8000-000000000000","key":"customer_seat.claimed","payload":' +
      '{"seat_id":"a0000000-0000-4000-8000-000000000000","subscription_id":null,' +
      '"order_id":"b0000000-0000-4000-8000-000000000000","product_id":null}}\r\n\r\n' +
      'data: {"type": "reconnect"}\r\n\r\n',
  );
});

test('a look that fails is made up for by the next sign of life', async () => {
  let looks = 0;
  const { watch } = watchOf(async () => {
    looks += 1;
    if (looks < 3) throw new Error('the database is away');
    return CLAIM;
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
  let answer = (_event: ClaimEvent) => {};
  const { watch, listeners } = watchOf(() => new Promise(resolve => (answer = resolve)));
  const response = claimStream(watch, new AbortController().signal, NEVER);
  await response.body?.cancel();
  answer(CLAIM);
  expect(listeners.size).toBe(0);
});
