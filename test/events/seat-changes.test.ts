import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openSeatChanges, type SeatChanges } from '../../src/events/seat-changes.ts';
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

/** The connections that listen. */
async function connections(): Promise<{ pid: number }[]> {
  return await usher.db.$queryRaw`
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE 'LISTEN %' AND pid <> pg_backend_pid()`;
}

// Else a claim in the first moments of a stream would be told only with the next sign of life.
test('who waits is told to look once nothing more can go unheard', async () => {
  const heard = vi.fn();
  changes.onChange(randomUUID(), heard);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce(), { timeout: 10_000 });
  expect(await connections()).toHaveLength(1);
});

test('an announcement reaches who waits for that seat, and nobody else', async () => {
  const seatId = randomUUID();
  const [heard, other, gone] = [vi.fn(), vi.fn(), vi.fn()];
  changes.onChange(seatId, heard);
  changes.onChange(randomUUID(), other);
  changes.onChange(seatId, gone)();
  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce(), { timeout: 10_000 });
  changes.announce(seatId);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2), { timeout: 10_000 });
  expect(other).toHaveBeenCalledOnce();
  expect(gone).not.toHaveBeenCalled();
});

test('after a lost connection who waits is told to look, and then hears again', async () => {
  const seatId = randomUUID();
  const heard = vi.fn();
  changes.onChange(seatId, heard);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce(), { timeout: 10_000 });
  const [connection] = await connections();
  await usher.db.$queryRaw`SELECT pg_terminate_backend(${connection?.pid}::int)`;
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2), { timeout: 5000 });
  changes.announce(seatId);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(3), { timeout: 10_000 });
});
