import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openSeatChanges, type SeatChanges } from '../../src/events/seat-changes.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let changes: SeatChanges;
beforeAll(async () => {
  usher = await startUsher();
  changes = openSeatChanges(usher.databaseUrl, usher.db, pino({ enabled: false }));
});
afterAll(async () => {
  await changes.close();
  await usher.close();
});

/** The connections that listen. */
async function listeners(): Promise<{ pid: number }[]> {
  return await usher.db.$queryRaw`
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE 'LISTEN %' AND pid <> pg_backend_pid()`;
}

test('who waits is told to look once it is sure that nothing more goes unheard', async () => {
  const heard = vi.fn();
  const forget = changes.onChange(randomUUID(), heard);
  await vi.waitFor(() => expect(heard).toHaveBeenCalled());
  forget();
});

test('an announcement reaches who waits for that seat, and nobody else', async () => {
  const seatId = randomUUID();
  const [heard, other, gone] = [vi.fn(), vi.fn(), vi.fn()];
  changes.onChange(seatId, heard);
  changes.onChange(randomUUID(), other);
  changes.onChange(seatId, gone)();
  await changes.announce(seatId);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
  expect(other).not.toHaveBeenCalled();
  expect(gone).not.toHaveBeenCalled();
});

test('after a lost connection who waits is told to look, for they may have missed something', async () => {
  const heard = vi.fn();
  const seatId = randomUUID();
  changes.onChange(seatId, heard);
  await vi.waitFor(async () => expect(await listeners()).toHaveLength(1));
  const [connection] = await listeners();
  await usher.db.$queryRaw`SELECT pg_terminate_backend(${connection?.pid}::int)`;
  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce(), { timeout: 5000 });
  await changes.announce(seatId);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2));
});
