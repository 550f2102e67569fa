import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { isDeadlock, isLockTimeout } from './constraints.ts';
import { announcedPid, breakOff, endInTime, SessionClient } from './session.ts';

/** The advisory lock of `prisma migrate`, so that usher and Prisma never migrate concurrently. */
const PRISMA_LOCK = 72_707_369;

const CONNECT_TIMEOUT_MS = 10_000;
/** How long reading the applied migrations may take. */
const LOOK_TIMEOUT_MS = 12_000;
const END_MS = 2_000;
const STOP_MS = 15_000;
/** How long PostgreSQL has to end the session of a running migration. */
const TERMINATE_MS = 1_000;

/**
 * How long each attempt of a migration waits for a lock. Everything else that needs the table, such as requests to running
 * servers, queues behind it.
 */
const LOCK_TIMEOUT_MS = 2_000;
/** After this, PostgreSQL ends the transaction of a lost machine, which would otherwise keep its locks. */
const IDLE_TIMEOUT = '60s';
/** How long a migration pauses between attempts, so that others get their turn. */
const PAUSE_MS = 1_000;

const CREATE_TABLE = `
  CREATE TABLE IF NOT EXISTS public._prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/**
 * Lets a migration find the extensions that it uses, in any schema. The search path of the connection may be another one: behind
 * a pooler, it is what the last client of the session set.
 */
const SEARCH_SCHEMAS = `
  SELECT set_config('search_path', concat_ws(', ', 'public', string_agg(DISTINCT quote_ident(nspname), ', ')), true)
    FROM pg_catalog.pg_extension JOIN pg_catalog.pg_namespace ON pg_namespace.oid = extnamespace
   WHERE extname IN ('pg_trgm', 'btree_gin') AND nspname <> 'public'`;

/**
 * The name of a migration that removes or changes what earlier programs use. The stamp after `contract_` is that of an
 * earlier migration: programs that have the earlier migration no longer use what this one removes or changes.
 */
const CONTRACT = /^\d+_contract_(\d+)/;

/** Error for a migration that failed and was rolled back, or for a database that does not match the migrations. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

export interface MigrateOptions {
  /** Prisma's folder of migrations: `<name>/migration.sql`, applied in the order of their names. */
  directory: string;
  /** Called after each applied migration. */
  onApply?: (name: string) => void;
  /** Called with the names of a later program's migrations, if the database has any. */
  onNewer?: (names: string[]) => void;
  /** Called with a message when a migration waits for a lock. */
  onWait?: (message: string) => void;
  /** Ends the wait for a lock immediately, and a running migration after `stopMs`, with its reason. */
  signal?: AbortSignal;
  /** How long a running migration may continue after the signal; 15 s by default. */
  stopMs?: number;
}

/**
 * Applies the pending migrations, and returns their names. Applies each migration once, even in concurrent processes, and
 * in one transaction. Uses the table of Prisma, so that `prisma migrate deploy` also works. If no migrations are
 * pending, only reads the database and takes no lock.
 *
 * A migration waits two seconds for a lock, such as for a table that `pg_dump` is reading. Then it lets others pass, and
 * retries until it succeeds or `signal` aborts. The locks end with the transaction, so that no pooled connection keeps them.
 *
 * The database may have migrations of a later program: all but contracting ones only add to it, so this program still works.
 * Rejects with a MigrationError, or with the driver's error if it cannot connect.
 */
export async function migrate(
  connection: { url: string },
  options: MigrateOptions,
): Promise<string[]> {
  const migrations = await readMigrations(options.directory);
  const first = await patiently('The look at the migrations', options, () =>
    look(connection, migrations),
  );
  const [next] = first.pending;
  const { applied, newer } =
    next === undefined
      ? { applied: [], newer: first.newer }
      : await applyAll(connection, migrations, next, options);
  if (newer.length > 0) options.onNewer?.(newer);
  return applied;
}

/** The names of the migrations that a database lacks, and of those that only a later program knows. */
export interface MigrationDifferences {
  pending: string[];
  newer: string[];
}

/** Compares the migrations of a database with those of this program, and changes nothing. Rejects like `migrate`. */
export async function compareMigrations(
  connection: { url: string },
  { directory }: Pick<MigrateOptions, 'directory'>,
): Promise<MigrationDifferences> {
  const { pending, newer } = await look(connection, await readMigrations(directory));
  return { pending: pending.map(({ name }) => name), newer };
}

/** Returns the names of all migrations, in their order. */
export async function listMigrations(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(cause => {
    throw new MigrationError(`There is no folder of migrations at ${directory}`, { cause });
  });
  return entries
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort();
}

async function look(connection: { url: string }, migrations: Migration[]): Promise<Compared> {
  return await withClient(connection, { queryTimeoutMs: LOOK_TIMEOUT_MS }, async client =>
    compare(migrations, await readApplied(client)),
  );
}

/** Applies the pending migrations one by one, from `first` on, and returns their names. A migration has no time limit. */
async function applyAll(
  connection: { url: string },
  migrations: Migration[],
  first: Migration,
  options: MigrateOptions,
): Promise<{ applied: string[]; newer: string[] }> {
  const applied: string[] = [];
  const { signal, stopMs = STOP_MS } = options;
  return await withClient(connection, { signal, stopMs }, async client => {
    for (let next = first; ; ) {
      const { name, pending, newer } = await patiently(`Migration ${next.name}`, options, () =>
        inTransaction(client, () => applyNext(client, migrations)),
      );
      if (name !== undefined) {
        applied.push(name);
        options.onApply?.(name);
      }
      const [following] = pending;
      if (following === undefined) return { applied, newer };
      next = following;
    }
  });
}

interface ClientOptions {
  queryTimeoutMs?: number;
  /** Ends the work, `stopMs` after it aborts. */
  signal?: AbortSignal | undefined;
  stopMs?: number;
}

async function withClient<Result>(
  { url }: { url: string },
  { queryTimeoutMs, signal, stopMs }: ClientOptions,
  work: (client: SessionClient) => Promise<Result>,
): Promise<Result> {
  const client = new SessionClient({
    connectionString: url,
    application_name: 'usher migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(queryTimeoutMs !== undefined && { query_timeout: queryTimeoutMs }),
    keepAlive: true,
  });
  // A lost connection fails the next query.
  client.on('error', () => {});
  await client.connect();
  let deadline: NodeJS.Timeout | undefined;
  const stop = () => {
    deadline = setTimeout(() => void terminate(client, url), stopMs);
  };
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    await client.useSettings({
      lock_timeout: `${LOCK_TIMEOUT_MS}ms`,
      idle_in_transaction_session_timeout: IDLE_TIMEOUT,
    });
    return await work(client);
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    clearTimeout(deadline);
    await endInTime(client, END_MS);
  }
}

/**
 * Ends a session with its transaction and locks, which would otherwise last until its running statement ends. Behind a
 * pooler they still do, since only the pooler knows the session.
 */
async function terminate(client: SessionClient, url: string): Promise<void> {
  if (client.isPooled) return breakOff(client);
  const other = new SessionClient({
    connectionString: url,
    connectionTimeoutMillis: TERMINATE_MS,
    query_timeout: TERMINATE_MS,
  });
  other.on('error', () => {});
  try {
    await other.connect();
    await other.query('SELECT pg_terminate_backend($1)', [announcedPid(client)]);
  } catch {
    // The database may be unresponsive or full. The work ends regardless.
  }
  breakOff(client);
  await endInTime(other, TERMINATE_MS);
}

/** Repeats work that fails because of a lock, until it succeeds. Throws the reason of the signal. */
async function patiently<Result>(
  what: string,
  { onWait, signal }: MigrateOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isLockedOut(error)) throw error;
      onWait?.(
        `${what} waits for a lock that another session has (attempt ${attempt}). SELECT * FROM pg_locks shows whose it is`,
      );
      await delay(PAUSE_MS, undefined, signal && { signal }).catch(() => undefined);
    }
  }
}

function isLockedOut(error: unknown): boolean {
  const { cause } = error instanceof MigrationError ? error : { cause: error };
  // A deadlock here involves a request.
  return isLockTimeout(cause) || isDeadlock(cause);
}

async function inTransaction<Result>(
  client: pg.Client,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // After a lost connection, PostgreSQL rolls back by itself.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Applies the first pending migration, if any is left, and returns its name and what remains. */
async function applyNext(
  client: pg.Client,
  migrations: Migration[],
): Promise<{ name: string | undefined } & Compared> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [PRISMA_LOCK]);
  await client.query(SEARCH_SCHEMAS);
  await client.query(CREATE_TABLE);
  const compared = compare(migrations, await readApplied(client));
  const [next, ...pending] = compared.pending;
  if (next !== undefined) await apply(client, next);
  return { name: next?.name, pending, newer: compared.newer };
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

interface Applied {
  name: string;
  checksum: string;
  finished: boolean;
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = await listMigrations(directory);
  return Promise.all(
    names.map(async name => {
      const file = join(directory, name, 'migration.sql');
      const bytes = await readFile(file).catch(cause => {
        throw new MigrationError(`Migration ${name} has no file ${file}`, { cause });
      });
      const checksum = createHash('sha256').update(bytes).digest('hex');
      return { name, sql: bytes.toString(), checksum };
    }),
  );
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  const { rows: known } = await client.query(
    "SELECT to_regclass('public._prisma_migrations') AS table",
  );
  if (known[0]?.table === null) return [];
  const { rows } = await client.query<Applied>(`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
    FROM public._prisma_migrations
    WHERE rolled_back_at IS NULL
    ORDER BY migration_name`);
  return rows;
}

interface Compared {
  pending: Migration[];
  newer: string[];
}

/** Compares the applied migrations with those of this program. Throws a MigrationError if it cannot work with them. */
function compare(migrations: Migration[], applied: Applied[]): Compared {
  const known = new Map(migrations.map(migration => [migration.name, migration]));
  const latest = migrations.at(-1)?.name ?? '';
  const newer: string[] = [];
  for (const { name, checksum, finished } of applied) {
    const migration = known.get(name);
    if (!finished)
      throw new MigrationError(
        `Migration ${name} failed earlier. Undo what is left of it, and run DELETE FROM public._prisma_migrations WHERE migration_name = '${name}'`,
      );
    if (!migration && name > latest) {
      const [, oldest = ''] = CONTRACT.exec(name) ?? [];
      if (latest < oldest)
        throw new MigrationError(
          `The database is newer than this program: migration ${name} removed what this program uses`,
        );
      newer.push(name);
    }
    if (migration && migration.checksum !== checksum)
      throw new MigrationError(`Migration ${name} was changed after it was applied`);
  }
  const done = new Set(applied.map(({ name }) => name));
  return { pending: migrations.filter(({ name }) => !done.has(name)), newer };
}

/** Runs a migration and records it. */
async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO public._prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
  } catch (cause) {
    throw new MigrationError(`Migration ${name} failed${describe(cause, sql)}`, { cause });
  }
}

function describe(error: unknown, sql: string): string {
  if (!(error instanceof Error)) return '';
  const position = error instanceof pg.DatabaseError ? Number(error.position) : Number.NaN;
  const line = position > 0 ? ` in line ${sql.slice(0, position).split('\n').length}` : '';
  return `${line}: ${error.message}`;
}
