import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Config } from './config.ts';
import { openEmbedded } from './db/embedded.ts';
import { migrate } from './db/migrate.ts';

const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));
const OLDEST_VERSION = 15;

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

/**
 * Makes the configured database ready: starts the embedded one where none is configured (or joins it where another
 * process runs it), and applies the migrations. `close` leaves it, and stops it if it was ours to stop.
 */
export async function connectDatabase(
  config: Config,
  log: (message: string) => void,
  onOutage: (message: string) => void = log,
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
    const applied = await migrate({ url: database.url }, { directory: MIGRATIONS });
    if (applied.length > 0)
      log(`Applied ${applied.length} migration${applied.length > 1 ? 's' : ''}`);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
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
  let client: pg.Client | undefined;
  try {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    // A connection that breaks fails the statement that needs it.
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      "SELECT current_setting('server_version_num')::int / 10000 AS version",
    );
    const version = Number(rows[0]?.version);
    if (version < OLDEST_VERSION) {
      throw new DatabaseError(
        `DATABASE_URL leads to PostgreSQL ${version}; usher needs ${OLDEST_VERSION} or later`,
      );
    }
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    throw new DatabaseError(
      `DATABASE_URL: cannot connect to ${withoutSecrets(url)}: ${reason(error)}`,
    );
  } finally {
    await client?.end();
  }
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
