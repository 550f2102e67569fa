import pg from 'pg';

/**
 * The settings of every session: the output formats that the driver and the adapter parse, the isolation level that the
 * statements require, no compilation, and no time limits but those that usher sets. They override those of the server, the
 * database, the role and the connection string.
 */
const REQUIRED = {
  // The adapter drops time zones.
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  xmloption: 'content',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // With sequential scans off, PostgreSQL overestimates plans of a millisecond, and would compile each for up to a second.
  jit: 'off',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_session_timeout: '0',
};

/** A setting that PostgreSQL before version 17 rejects. */
const REQUIRED_SINCE_17 = { transaction_timeout: '0' };

/** Further settings of a session, by name. */
export type SessionSettings = Readonly<Record<string, string>>;

type Callback = (error: Error | undefined, result?: pg.QueryResult) => void;

/**
 * A connection whose settings hold for each of its statements, also behind a connection pooler such as PgBouncer.
 *
 * A pooler in transaction mode gives each transaction any connection to PostgreSQL, which keeps what SET and PREPARE did
 * there. Behind a pooler, this client makes every statement a transaction, sets the settings in each transaction, and
 * prepares no statement. `useSettings` detects a pooler.
 */
export interface SessionClient extends pg.Client {
  /** Whether a pooler stands between this connection and PostgreSQL. */
  readonly isPooled: boolean;
  /** Applies the settings to all later statements. */
  useSettings(settings: SessionSettings): Promise<void>;
}

const PROBE_AFTER_MS = 10_000;

class Client extends pg.Client {
  /** What begins a transaction behind a pooler. */
  #begin: string | undefined;
  #isInTransaction = false;

  constructor(config?: pg.ClientConfig) {
    // A statement and its transaction are sent together, as are the statements of `lookAndWrite`. TCP probes detect a lost
    // host even when no query has a time limit.
    super({ pipeline: true, keepAliveInitialDelayMillis: PROBE_AFTER_MS, ...config });
  }

  get isPooled(): boolean {
    return this.#begin !== undefined;
  }

  async useSettings(settings: SessionSettings): Promise<void> {
    // A pooler announces its own process id, since it must route cancel requests.
    const { rows } = await super.query<{ pid: number; version: number }>(
      "SELECT pg_backend_pid() AS pid, current_setting('server_version_num')::int / 10000 AS version",
    );
    const { pid, version = 0 } = rows[0] ?? {};
    const later = version >= 17 ? REQUIRED_SINCE_17 : {};
    const all = Object.entries({ ...REQUIRED, ...later, ...settings });
    const assign = (scope: string) =>
      all.map(
        ([name, value]) =>
          `SET ${scope} ${pg.escapeIdentifier(name)} TO ${pg.escapeLiteral(value)}`,
      );
    if (pid === announcedPid(this)) await super.query(assign('SESSION').join('; '));
    else {
      const begin = 'BEGIN ISOLATION LEVEL READ COMMITTED NOT DEFERRABLE';
      this.#begin = [begin, ...assign('LOCAL')].join('; ');
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: the overloads of the driver have no type in common
  override query(query: any, values?: any, callback?: any): any {
    if (this.#begin === undefined) return super.query(query, values, callback);
    const text: string = typeof query === 'string' ? query : query.text;
    if (/^BEGIN\b/i.test(text)) {
      this.#isInTransaction = true;
      const begun = text.replace(/^BEGIN\b/i, this.#begin);
      return super.query(typeof query === 'string' ? begun : unnamed({ ...query, text: begun }));
    }
    if (/^(?:COMMIT|ROLLBACK(?! TO\b))/i.test(text)) this.#isInTransaction = false;
    else if (!this.#isInTransaction) return this.#alone(query, values, callback);
    return super.query(unnamed(query) as string, values, callback);
  }

  /** Runs a statement in its own transaction. */
  #alone(
    query: string | pg.QueryConfig,
    values: unknown[] | Callback | undefined,
    callback: Callback | undefined,
  ): Promise<pg.QueryResult> | undefined {
    const given = typeof values === 'function' ? undefined : values;
    const done = typeof values === 'function' ? values : callback;
    // No other statement can come in between.
    const sent = [
      super.query(`${this.#begin}`),
      super.query(unnamed(query) as pg.QueryConfig, given),
      super.query('COMMIT'),
    ] as const;
    const result = Promise.allSettled(sent).then(async ([begun, answered, committed]) => {
      if (begun.status === 'rejected') throw begun.reason;
      if (answered.status === 'rejected') throw answered.reason;
      if (committed.status === 'rejected') throw committed.reason;
      return answered.value;
    });
    if (done === undefined) return result;
    result.then(
      value => done(undefined, value),
      error => done(error),
    );
    return undefined;
  }
}

/** The class of the clients. Its type has the overloads of the driver. */
export const SessionClient = Client as unknown as new (config?: pg.ClientConfig) => SessionClient;

/** Closes a connection without waiting for the server. Its pending queries fail. */
export function breakOff(client: pg.ClientBase): void {
  // Every connected client is a Client.
  (client as pg.Client).connection.stream.destroy();
}

/** Ends a connection. After `ms`, closes it without waiting for the server. */
export async function endInTime(client: pg.Client, ms: number): Promise<void> {
  const deadline = setTimeout(() => breakOff(client), ms);
  await client.end().finally(() => clearTimeout(deadline));
}

/** Returns the process id from the server's greeting. A pooler sends its own. The driver's types lack this property. */
export function announcedPid(client: pg.Client): number {
  return (client as pg.Client & { processID: number }).processID;
}

function unnamed(query: string | pg.QueryConfig): string | pg.QueryConfig {
  return typeof query === 'string' || query.name === undefined
    ? query
    : { ...query, name: undefined };
}

/** Opens a pool of connections with settings. Connects on the first query. */
export function openPool({
  settings,
  ...config
}: pg.PoolConfig & { settings: SessionSettings }): pg.Pool {
  return new pg.Pool({
    ...config,
    Client: SessionClient,
    // The clients of the pool are of this class.
    onConnect: client => (client as unknown as SessionClient).useSettings(settings),
  });
}
