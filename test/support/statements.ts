import pg from 'pg';
import { vi } from 'vitest';

// Statements that set up a new connection, or look up the caller, which happens every other second, belong to no request.
const APART =
  /^(?:SELECT pg_notify|SELECT pg_backend_pid|LISTEN|SET SESSION|SELECT 'organization' AS kind)\b/;

/** Does the work, and calls `onSent` for each statement sent to PostgreSQL meanwhile, with what the driver returns. */
async function watch(
  work: () => Promise<unknown>,
  onSent: (text: string, result: Promise<unknown> | undefined) => void,
): Promise<void> {
  const query = pg.Client.prototype.query;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [first] = args as [string | { text: string }];
    const text = (typeof first === 'string' ? first : first.text).trim();
    const result = (query as (...args: unknown[]) => unknown).apply(this, args) as
      | Promise<unknown>
      | undefined;
    if (!APART.test(text)) onSent(text, result);
    return result as never;
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
}

/** Returns the statements that are sent to PostgreSQL while `work` runs. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  await watch(work, text => sent.push(text));
  return sent;
}

/**
 * Returns how many times something was sent while no answer was outstanding. Statements that are sent together are one round
 * trip.
 */
export async function roundTripsOf(work: () => Promise<unknown>): Promise<number> {
  let trips = 0;
  let outstanding = 0;
  await watch(work, (_text, result) => {
    if (typeof result?.then !== 'function') return;
    if (outstanding === 0) trips += 1;
    outstanding += 1;
    const onSettled = () => {
      outstanding -= 1;
    };
    result.then(onSettled, onSettled);
  });
  return trips;
}
