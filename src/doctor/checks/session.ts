import { areDifferent, readIdentity } from '../../db/require-reachable.ts';
import { announcedPid, SessionClient } from '../../db/session.ts';
import { type Check, ok, problem, warning } from '../check.ts';

/** Checks that a connection keeps usher's settings, and that nothing disables the triggers. */
export const checkSession: Check = async ({ url, rows }) => {
  const [defaults] = await rows<{ role: string; oversell: string | null }>(
    `SELECT current_setting('session_replication_role') AS role, current_setting('usher.oversell', true) AS oversell`,
  );
  if (defaults?.role === 'replica') {
    return problem(
      'session_replication_role is replica, so that no trigger counts seats',
      'Remove the setting from the role and the database (`ALTER ROLE … RESET session_replication_role`)',
    );
  }
  if (defaults?.oversell === 'on') {
    return problem(
      'usher.oversell is on for every transaction, so that pools can get smaller than their live seats',
      'Run `ALTER DATABASE … RESET "usher.oversell"`, and the same for the role',
    );
  }
  return await withClient(url, async client => {
    await client.useSettings({});
    const { rows: settings } = await client.query<{ zone: string; style: string }>(
      `SELECT current_setting('TimeZone') AS zone, current_setting('DateStyle') AS style`,
    );
    const [{ zone, style } = { zone: '', style: '' }] = settings;
    return zone === 'UTC' && style === 'ISO, YMD'
      ? ok('time zone UTC')
      : problem(
          `a connection does not keep its settings: its time zone is ${zone}, its date style ${style}`,
          'Let DATABASE_URL lead to PostgreSQL itself, and report this',
        );
  });
};

/**
 * Detects poolers, by opening two connections and checking whether they share a session. Also checks that both addresses
 * lead to the same database.
 */
export const checkPooler: Check = async ({ config: { directDatabaseUrl }, url }) => {
  const own = await lookThrough(url);
  if (directDatabaseUrl === undefined) {
    if (own.mode !== 'transaction') return ok(own.mode === 'none' ? 'none' : 'one in session mode');
    return warning(
      'one in transaction mode: processes notice changes with a delay of seconds, since it passes no notifications on',
      'Set DIRECT_DATABASE_URL to the address of PostgreSQL itself',
    );
  }
  const direct = await lookThrough(directDatabaseUrl);
  if (areDifferent(own.id, direct.id)) {
    return problem(
      'DIRECT_DATABASE_URL and DATABASE_URL lead to different databases',
      'Correct one of them',
    );
  }
  if (direct.isReplica && !own.isReplica) {
    return problem(
      'DIRECT_DATABASE_URL leads to a replica, which takes no migrations and sends no notifications',
      'Let it lead to the primary',
    );
  }
  if (direct.mode === 'transaction') {
    return problem(
      'DIRECT_DATABASE_URL leads to a pooler in transaction mode too',
      'Set it to the address of PostgreSQL itself',
    );
  }
  return ok(
    own.mode === 'none'
      ? 'none, so that DIRECT_DATABASE_URL is not needed'
      : `one in ${own.mode} mode, and DIRECT_DATABASE_URL leads to the same database`,
  );
};

async function lookThrough(url: string) {
  return await withClient(url, async one =>
    withClient(url, async other => {
      const [first, second] = [await backendOf(one), await backendOf(other)];
      const mode =
        first === second ? 'transaction' : first === announcedPid(one) ? 'none' : 'session';
      const { rows } = await one.query<{ isReplica: boolean }>(
        'SELECT pg_is_in_recovery() AS "isReplica"',
      );
      const isReplica = rows[0]?.isReplica ?? false;
      return { mode, id: await readIdentity(one), isReplica } as const;
    }),
  );
}

async function backendOf(client: SessionClient): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid;
}

async function withClient<Result>(
  url: string,
  work: (client: SessionClient) => Promise<Result>,
): Promise<Result> {
  const client = new SessionClient({
    connectionString: url,
    application_name: 'usher doctor',
    connectionTimeoutMillis: 10_000,
    query_timeout: 10_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const SKEW_SECONDS = 2;

/** Compares this machine's clock with the database's. */
export const checkClock: Check = async ({ rows }) => {
  const before = Date.now();
  const [row] = await rows<{ at: Date }>('SELECT clock_timestamp() AS at');
  const after = Date.now();
  if (row === undefined) return [];
  const at = row.at.getTime();
  // The answer came from some moment of the round trip.
  const ahead = at > after ? at - after : at < before ? at - before : 0;
  const seconds = Math.abs(ahead) / 1000;
  if (seconds < SKEW_SECONDS) return ok('that of this machine agrees with the database');
  return warning(
    `the clock of this machine is ${Math.round(seconds)} seconds ${ahead > 0 ? 'behind' : 'ahead of'} the database's, which usher goes by`,
    'Synchronize both with a time server',
  );
};
