import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Config } from './config.ts';
import { openEmbedded } from './db/embedded.ts';
import { findPendingMigrations, migrate } from './db/migrate.ts';

const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));
const OLDEST_VERSION = 15;
/** Where Prisma writes. Hand-written SQL and migrations follow the search path. */
const SCHEMA = 'public';

/** The database cannot be used; the message says in one line which it is and why. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/** The configured database, ready to be used. */
export interface ConnectedDatabase {
  url: string;
  /** Resolves when the embedded database has gone for good; one of your own may always come back. */
  lost?: Promise<Error>;
  close(): Promise<void>;
}

/** How a program connects. */
export interface ConnectOptions {
  /** Called when the embedded database is gone, and when it is back. By default, they are messages like all others. */
  onOutage?: (message: string) => void;
  /** Ends the wait for the locks of a migration. */
  stop?: AbortSignal;
  /** Whether pending migrations are applied. Without `migrates`, and with `MIGRATE=false`, they are an error. */
  migrates?: boolean;
}

/**
 * Makes the configured database ready: starts the embedded one where none is configured (or joins it where another
 * process runs it), and applies the migrations. `close` leaves it, and stops it if it was ours to stop. Throws a
 * DatabaseError for a database that is not usable, EmbeddedPostgresError, and MigrationError.
 */
export async function connectDatabase(
  config: Config,
  log: (message: string) => void,
  { onOutage = log, stop, migrates = config.migrates }: ConnectOptions = {},
): Promise<ConnectedDatabase> {
  const database: ConnectedDatabase =
    config.databaseUrl === undefined
      ? await openEmbedded({
          dataDir: config.dataDir,
          settings: embeddedSettings(),
          onProgress: log,
          onOutage,
        })
      : { url: config.databaseUrl, close: async () => undefined };
  try {
    if (config.databaseUrl !== undefined) await requireReachable(config.databaseUrl);
    await applyMigrations(database.url, migrates, log, stop);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function applyMigrations(
  url: string,
  migrates: boolean,
  log: (message: string) => void,
  stop: AbortSignal | undefined,
): Promise<void> {
  const count = (names: readonly string[]) =>
    `${names.length} migration${names.length > 1 ? 's' : ''}`;
  if (!migrates) {
    const pending = await findPendingMigrations({ url }, { directory: MIGRATIONS });
    if (pending.length === 0) return;
    throw new DatabaseError(
      `The database lacks ${count(pending)}, and MIGRATE is false. Run \`npm run migrate\` as the owner of the database, then start again`,
    );
  }
  const applied = await migrate(
    { url },
    { directory: MIGRATIONS, onWait: log, ...(stop && { signal: stop }) },
  );
  if (applied.length > 0) log(`Applied ${count(applied)}`);
}

const MEGABYTE = 2 ** 20;

/**
 * Returns the settings of the embedded database. PostgreSQL's own default caches 128 MB: the lists of a million seats would
 * come from the operating system, block by block. A sixteenth of the memory, up to 1 GB, is used only as it fills.
 */
export function embeddedSettings(): Record<string, string> {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const megabytes = Math.floor(Math.min(Math.max(memory / 16 / MEGABYTE, 128), 1_024));
  return { shared_buffers: `${megabytes}MB` };
}

async function requireReachable(url: string): Promise<void> {
  const named = new URL(url).searchParams.get('schema');
  if (named !== null && named !== SCHEMA) throw otherSchema(named);
  let client: pg.Client | undefined;
  try {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    // A connection that breaks fails the statement that needs it.
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ version: number; schema: string | null }>(
      "SELECT current_setting('server_version_num')::int / 10000 AS version, current_schema() AS schema",
    );
    const { version = 0, schema } = rows[0] ?? {};
    if (version < OLDEST_VERSION) {
      throw new DatabaseError(
        `DATABASE_URL leads to PostgreSQL ${version}; usher needs ${OLDEST_VERSION} or later`,
      );
    }
    if (schema !== SCHEMA) throw otherSchema(schema ?? '(none)');
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    throw new DatabaseError(
      `DATABASE_URL: cannot connect to ${withoutSecrets(url)}: ${reason(error)}`,
    );
  } finally {
    await client?.end();
  }
}

function otherSchema(name: string): DatabaseError {
  return new DatabaseError(
    `DATABASE_URL leads to the schema ${name}; usher uses the schema ${SCHEMA} alone. Give usher a database of its own, in which the search_path of its role begins with ${SCHEMA}`,
  );
}

function withoutSecrets(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** A failed connection to several addresses of one host is an AggregateError without a message. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ');
  return error instanceof Error ? error.message : String(error);
}
