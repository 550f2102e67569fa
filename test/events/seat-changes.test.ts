import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openSeatChanges, type SeatChanges } from '../../src/events/seat-changes.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let changes: SeatChanges;
beforeAll(async () => {
  usher = await startUsher();
});
beforeEach(() => {
  changes = openSeatChanges(usher.databaseUrl, usher.db, pino({ enabled: false }));
});
afterEach(() => changes.close());
afterAll(() => usher.close());

/** Returns the connections that run LISTEN. */
async function connections(): Promise<{ pid: number }[]> {
  return await usher.db.$queryRaw`
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE 'LISTEN %' AND pid <> pg_backend_pid()`;
}

// Otherwise a claim right after the start of a stream would be reported only with the next heartbeat.
test('a subscriber is notified when the connection listens', async () => {
  const notified = vi.fn();
  changes.onChange(randomUUID(), notified);
  await vi.waitFor(() => expect(notified).toHaveBeenCalledOnce(), { timeout: 10_000 });
  expect(await connections()).toHaveLength(1);
});

test('an announcement notifies only the subscribers of that seat', async () => {
  const seatId = randomUUID();
  const [notified, other, unsubscribed] = [vi.fn(), vi.fn(), vi.fn()];
  changes.onChange(seatId, notified);
  changes.onChange(randomUUID(), other);
  changes.onChange(seatId, unsubscribed)();
  await vi.waitFor(() => expect(notified).toHaveBeenCalledOnce(), { timeout: 10_000 });
  changes.announce(seatId);
  await vi.waitFor(() => expect(notified).toHaveBeenCalledTimes(2), { timeout: 10_000 });
  expect(other).toHaveBeenCalledOnce();
  expect(unsubscribed).not.toHaveBeenCalled();
});

test('a subscriber is notified after a reconnection, and of later changes', async () => {
  const seatId = randomUUID();
  const notified = vi.fn();
  changes.onChange(seatId, notified);
  await vi.waitFor(() => expect(notified).toHaveBeenCalledOnce(), { timeout: 10_000 });
  const [connection] = await connections();
  await usher.db.$queryRaw`SELECT pg_terminate_backend(${connection?.pid}::int)`;
  await vi.waitFor(() => expect(notified).toHaveBeenCalledTimes(2), { timeout: 5000 });
  changes.announce(seatId);
  await vi.waitFor(() => expect(notified).toHaveBeenCalledTimes(3), { timeout: 10_000 });
});

test('a connection that is cut off without a word is replaced, and its subscribers are notified', async () => {
  const proxy = await startCuttingProxy(usher.databaseUrl);
  const logger = pino({ enabled: false });
  const behind = openSeatChanges(proxy.url, usher.db, logger, { heartbeatMs: 200 });
  const seatId = randomUUID();
  const notified = vi.fn();
  behind.onChange(seatId, notified);
  await vi.waitFor(() => expect(notified).toHaveBeenCalledOnce(), { timeout: 10_000 });
  proxy.cutOff();
  await vi.waitFor(() => expect(notified).toHaveBeenCalledTimes(2), { timeout: 10_000 });
  changes.announce(seatId);
  await vi.waitFor(() => expect(notified).toHaveBeenCalledTimes(3), { timeout: 10_000 });
  proxy.cutOff({ all: true });
  await behind.close();
  await proxy.close();
});
