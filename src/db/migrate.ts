import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { prepareSession } from './session.ts';

/** The advisory lock of `prisma migrate`, so that the two never run concurrently. */
const PRISMA_LOCK = 72_707_369;

const CREATE_TABLE = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/** Error for a migration that failed and was rolled back, or for a database that does not match the migrations. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

export interface MigrateOptions {
  /** Prisma's folder of migrations: `<name>/migration.sql`, applied in the order of their names. */
  directory: string;
  /** Called after each applied migration. */
  onApply?: (name: string) => void;
}

/**
 * Applies the pending migrations, and returns their names. Applies each migration once, even in concurrent processes, and
 * in one transaction. Uses the table of Prisma, so that `prisma migrate deploy` also works. Rejects with a MigrationError,
 * or with the driver's error if it cannot connect.
 */
export async function migrate(
  connection: { url: string },
  options: MigrateOptions,
): Promise<string[]> {
  const migrations = await readMigrations(options.directory);
  const client = new pg.Client({
    connectionString: connection.url,
    application_name: 'usher migrate',
  });
  // A lost connection fails the next query.
  client.on('error', () => {});
  await client.connect();
  try {
    await prepareSession(client);
    // PostgreSQL releases the lock when the connection ends.
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(CREATE_TABLE);
    const pending = findPending(migrations, await readApplied(client));
    for (const migration of pending) {
      await apply(client, migration);
      options.onApply?.(migration.name);
    }
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
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
  const entries = await readdir(directory, { withFileTypes: true }).catch(cause => {
    throw new MigrationError(`There is no folder of migrations at ${directory}`, { cause });
  });
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
  return Promise.all(
    names.sort().map(async name => {
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
  const { rows } = await client.query<Applied>(`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
    FROM _prisma_migrations
    WHERE rolled_back_at IS NULL
    ORDER BY migration_name`);
  return rows;
}

/** The migrations that are still to come, if what has been applied agrees with what is here. */
function findPending(migrations: Migration[], applied: Applied[]): Migration[] {
  const known = new Map(migrations.map(migration => [migration.name, migration]));
  const latest = migrations.at(-1)?.name ?? '';
  for (const { name, checksum, finished } of applied) {
    const migration = known.get(name);
    if (!finished)
      throw new MigrationError(
        `Migration ${name} failed earlier; resolve it with prisma migrate resolve`,
      );
    if (!migration && name > latest)
      throw new MigrationError(`The database is newer than this program: it has migration ${name}`);
    if (migration && migration.checksum !== checksum)
      throw new MigrationError(`Migration ${name} was changed after it was applied`);
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

/** Runs a migration and records it in one transaction. */
async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    // The caller closes the connection, which rolls the transaction back.
    throw new MigrationError(`Migration ${name} failed${describe(cause, sql)}`, { cause });
  }
}

function describe(error: unknown, sql: string): string {
  if (!(error instanceof Error)) return '';
  const position = error instanceof pg.DatabaseError ? Number(error.position) : Number.NaN;
  const line = position > 0 ? ` in line ${sql.slice(0, position).split('\n').length}` : '';
  return `${line}: ${error.message}`;
}
