import type pg from 'pg';

const READ_ONLY = '25006';
/** The minimum time between renewals, since a database may stay read-only for a long time. */
const PAUSE_MS = 1_000;

/**
 * Renews the connections of a pool when PostgreSQL refuses a statement because it is read-only, as a former primary is after
 * a failover. Closes idle connections immediately, and the others on release. New connections reach the new primary.
 * `open` has all connections of the pool.
 */
export function renewWhenReadOnly(pool: pg.Pool, open: ReadonlySet<pg.PoolClient>): void {
  const outdated = new WeakSet<pg.PoolClient>();
  let renewedAt = Number.NEGATIVE_INFINITY;

  pool.on('connect', client => {
    // The clients of a pool are instances of Client. Its connection reports every server error, no matter what code sent the
    // statement.
    const { connection } = client as unknown as pg.Client;
    connection.on('errorMessage', ({ code }: { code?: string }) => {
      if (code === READ_ONLY) renew();
    });
  });
  // The pool removes a client that ends.
  pool.on('release', (_error, client) => {
    if (outdated.has(client)) client.end().catch(() => undefined);
  });

  function renew(): void {
    const now = performance.now();
    if (now - renewedAt < PAUSE_MS) return;
    renewedAt = now;
    for (const client of open) outdated.add(client);
    for (let idle = pool.idleCount; idle > 0; idle -= 1) void takeAndRelease(pool);
  }
}

/** Takes an idle connection, and releases it immediately. */
async function takeAndRelease(pool: pg.Pool): Promise<void> {
  try {
    const client = await pool.connect();
    client.release();
  } catch {
    // The connection broke, or the pool is closing.
  }
}
