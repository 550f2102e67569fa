import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.ts';
import { describeRefusal } from './db/constraints.ts';
import { openEmbedded } from './db/embedded.ts';
import { hasEmbedded } from './db/embedded-runtime.ts';
import { compareMigrations, listMigrations, migrate } from './db/migrate.ts';
import {
  areDifferent,
  DatabaseError,
  OLDEST_VERSION,
  requireReachable,
} from './db/require-reachable.ts';
import { shippedFile } from './shipped-files.ts';

/** The folder of the migrations. */
export const MIGRATIONS = fileURLToPath(shippedFile('prisma/migrations'));

/** The configured database, ready to be used. */
export interface ConnectedDatabase {
  url: string;
  /** The same database without a pooler, for migrations and notifications. */
  directUrl: string;
  /** Resolves when the embedded database is gone for good. An external database may always come back. */
  lost?: Promise<Error>;
  close(): Promise<void>;
}

/** How a program connects. */
export interface ConnectOptions {
  /** Called when the embedded database is gone, and when it is back. By default, `log` gets the messages. */
  onOutage?: (message: string) => void;
  /** Ends the wait for the database and for migration locks. */
  stop?: AbortSignal;
  /** Whether pending migrations are applied; `config.migrates` by default. If false, pending migrations are an error. */
  migrates?: boolean;
}

/** Throws a DatabaseError if no database is configured and none is embedded. */
export function requireDatabase({ databaseUrl }: Pick<Config, 'databaseUrl'>): void {
  if (databaseUrl === undefined && !hasEmbedded()) {
    throw new DatabaseError(
      `DATABASE_URL is required: this build has no embedded PostgreSQL. Set it to a PostgreSQL ${OLDEST_VERSION} or later, such as postgresql://user:password@host:5432/usher`,
    );
  }
}

/**
 * Makes the configured database ready: starts the embedded one if none is configured (or joins it if another process runs
 * it), and applies the migrations. `close` disconnects, and stops the embedded database if no other process uses it. Throws
 * DatabaseError for an unusable database, EmbeddedPostgresError, and MigrationError.
 */
export async function connectDatabase(
  config: Config,
  log: (message: string) => void,
  { onOutage = log, stop, migrates = config.migrates }: ConnectOptions = {},
): Promise<ConnectedDatabase> {
  requireDatabase(config);
  const database =
    config.databaseUrl === undefined
      ? await openEmbeddedDatabase(config, log, onOutage)
      : await findOwnDatabase(config.databaseUrl, config, log, stop);
  try {
    await applyMigrations(database.directUrl, migrates, log, stop);
    return database;
  } catch (error) {
    await database.close();
    const variable = config.directDatabaseUrl ? 'DIRECT_DATABASE_URL' : 'DATABASE_URL';
    const refusal = describeRefusal(error, variable);
    throw refusal === undefined ? error : new DatabaseError(refusal);
  }
}

async function openEmbeddedDatabase(
  { dataDir }: Config,
  onProgress: (message: string) => void,
  onOutage: (message: string) => void,
): Promise<ConnectedDatabase> {
  const settings = embeddedSettings();
  const embedded = await openEmbedded({ dataDir, settings, onProgress, onOutage });
  return { ...embedded, directUrl: embedded.url };
}

async function findOwnDatabase(
  url: string,
  { directDatabaseUrl, databaseWaitSeconds: waitSeconds }: Config,
  onWait: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<ConnectedDatabase> {
  const reach = (address: string, variable: string) =>
    requireReachable(address, { variable, waitSeconds, onWait, signal });
  const own = await reach(url, 'DATABASE_URL');
  if (directDatabaseUrl !== undefined) {
    const direct = await reach(directDatabaseUrl, 'DIRECT_DATABASE_URL');
    if (areDifferent(own.identity, direct.identity)) {
      throw new DatabaseError('DIRECT_DATABASE_URL and DATABASE_URL lead to different databases');
    }
    if (direct.isReplica && !own.isReplica) {
      throw new DatabaseError(
        'DIRECT_DATABASE_URL leads to a replica, which takes no migrations and sends no notifications; let it lead to the primary',
      );
    }
  }
  return { url, directUrl: directDatabaseUrl ?? url, close: async () => undefined };
}

/** Returns the names of the migrations that this program needs. */
export function neededMigrations(): Promise<string[]> {
  return listMigrations(MIGRATIONS);
}

async function applyMigrations(
  url: string,
  migrates: boolean,
  log: (message: string) => void,
  stop: AbortSignal | undefined,
): Promise<void> {
  const count = (names: readonly string[]) =>
    `${names.length} migration${names.length > 1 ? 's' : ''}`;
  const onNewer = (names: readonly string[]) =>
    log(
      `The database has ${count(names)} of a later version. This version works with it, and can be replaced by the later one at any time`,
    );
  if (!migrates) {
    const { pending, newer } = await compareMigrations({ url }, { directory: MIGRATIONS });
    if (pending.length > 0) {
      throw new DatabaseError(
        `The database lacks ${count(pending)}, and MIGRATE is false. Run \`npm run migrate\` as the owner of the database, then start again`,
      );
    }
    if (newer.length > 0) onNewer(newer);
    return;
  }
  const applied = await migrate(
    { url },
    { directory: MIGRATIONS, onWait: log, onNewer, ...(stop && { signal: stop }) },
  );
  if (applied.length > 0) log(`Applied ${count(applied)}`);
}

const MEGABYTE = 2 ** 20;

/**
 * Returns the settings of the embedded database. PostgreSQL caches 128 MB by default, so it would read the lists of a
 * million seats from the operating system block by block. The cache here is a sixteenth of the memory, up to 1 GB, and takes
 * memory only as it fills.
 */
export function embeddedSettings(): Record<string, string> {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const megabytes = Math.floor(Math.min(Math.max(memory / 16 / MEGABYTE, 128), 1_024));
  return { shared_buffers: `${megabytes}MB` };
}
