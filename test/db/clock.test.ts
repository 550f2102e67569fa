import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { openDatabaseClock } from '../../src/db/clock.ts';
import { addEndpoint } from '../support/deliveries.ts';
import { runProgram } from '../support/program.ts';
import { startReceiver } from '../support/receiver.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let database: Database;
beforeAll(async () => {
  usher = await startUsher();
  database = openDatabase(usher.databaseUrl);
});
afterAll(async () => {
  await database.close();
  await usher.close();
});

const HOUR_MS = 60 * 60_000;

describe('the clock of the database', () => {
  test.each([2 * HOUR_MS, -2 * HOUR_MS])('is right on a machine that is %d ms off', async off => {
    const lines: string[] = [];
    const logger = pino({}, { write: line => void lines.push(line) });
    const clock = await openDatabaseClock(database.sql, logger, { local: () => Date.now() + off });
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1_000);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("this machine's clock differs from the database's");
    await clock.close();
  });

  test('is that of a machine which is right, and nothing is said', async () => {
    const lines: string[] = [];
    const logger = pino({}, { write: line => void lines.push(line) });
    const clock = await openDatabaseClock(database.sql, logger);
    const [before, now, after] = [Date.now(), clock.now().getTime(), Date.now()];
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(after);
    expect(lines).toEqual([]);
    await clock.close();
  });

  /** The clock on a machine whose own is off by some time, with a database that is off or away. */
  async function openWith(compareMs?: number) {
    const state = { databaseOff: 0, localOff: 0, isAway: false };
    const lines: string[] = [];
    const readTime = async () => {
      if (state.isAway) throw new Error('away');
      return [{ databaseNow: new Date(Date.now() + state.databaseOff) }];
    };
    const sql = { ...database.sql, rows: readTime } as unknown as typeof database.sql;
    const clock = await openDatabaseClock(sql, pino({}, { write: line => void lines.push(line) }), {
      local: () => Date.now() + state.localOff,
      ...(compareMs !== undefined && { compareMs }),
    });
    onTestFinished(() => clock.close());
    const error = () => Math.abs(clock.now().getTime() - Date.now() - state.databaseOff);
    return { state, lines, error };
  }

  test.each([2 * HOUR_MS, -2 * HOUR_MS])(
    'is right when this machine’s clock is set by %d ms, also while the database is away',
    async step => {
      const { state, lines, error } = await openWith();
      state.isAway = true;
      state.localOff = step;
      expect(error()).toBeLessThan(1_000);
      state.isAway = false;
      await vi.waitFor(() => {
        expect(error()).toBeLessThan(1_000);
        expect(lines).toHaveLength(1);
      }, 10_000);
      state.localOff = 0;
      expect(error()).toBeLessThan(1_000);
    },
  );

  test('is right again soon after the machine was suspended', async () => {
    const { state, lines, error } = await openWith();
    // Its monotonic clock stood still.
    state.databaseOff = state.localOff = HOUR_MS;
    await vi.waitFor(() => expect(error()).toBeLessThan(1_000), 10_000);
    expect(lines).toEqual([]);
  });

  test('is compared again', async () => {
    const { state, error } = await openWith(20);
    // All clocks of a virtual machine stand still while it does.
    state.databaseOff = HOUR_MS;
    expect(error()).toBeGreaterThan(HOUR_MS - 1_000);
    await vi.waitFor(() => expect(error()).toBeLessThan(1_000), 10_000);
  });
});

test('a process on a machine two hours ahead takes new sessions, and leaves webhooks to others when it is gone', async () => {
  const fixture = await usher.addFixture();
  const { tokens, ids } = fixture;
  const receiver = await startReceiver();
  await addEndpoint(usher, fixture, receiver.url, ['customer_seat.assigned']);
  const hook = fileURLToPath(new URL('../support/two-hours-ahead.cjs', import.meta.url));
  const start = (environment: Record<string, string>) =>
    runProgram('main', [], {
      DATABASE_URL: usher.databaseUrl,
      SECRET_KEY,
      WEBHOOK_PRIVATE_ADDRESSES: 'true',
      ...environment,
    });
  const assign = async (url: string, email: string) => {
    const response = await fetch(`${url}/v1/customer-seats`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokens.organization}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ subscription_id: ids.subscription, email }),
    });
    expect(response.status).toBe(200);
  };

  const ahead = start({ NODE_OPTIONS: `--require=${hook}` });
  const url = await ahead.up();
  expect(ahead.output.stderr).toContain("this machine's clock differs from the database's");
  const session = await usher.rest('POST', '/v1/customer-sessions/', {
    token: tokens.organization,
    body: { customer_id: ids.customer },
  });
  const seen = await fetch(`${url}/v1/customer-portal/seats?subscription_id=${ids.subscription}`, {
    headers: { authorization: `Bearer ${session.body.token}` },
  });
  expect(seen.status).toBe(200);
  await assign(url, 'one@globex.example');
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1), 20_000);
  expect(await ahead.stop('SIGTERM')).toBe(0);

  const right = start({});
  await assign(await right.up(), 'two@globex.example');
  await vi.waitFor(() => expect(receiver.received).toHaveLength(2), 20_000);
  await right.stop('SIGTERM');
  await receiver.close();
}, 60_000);
