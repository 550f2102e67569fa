import type { Logger } from 'pino';
import type { Sql, Statement } from './sql.ts';

/** The settings that limit the connections of a process. */
export interface ConnectionSettings {
  databaseConnections: number;
  workerDatabaseConnections: number;
  /** Whether the process also delivers. */
  worker: boolean;
  /** How many processes there are. One of them delivers. */
  processes: number;
  /** Where metrics are served, if they are. */
  metrics: object | undefined;
}

/** The connections of each server process outside its pools: one for notifications and one for the readiness check. */
const APART = 2;

/** Returns the largest number of connections that server processes open to the database. */
export function mostConnections({
  databaseConnections,
  workerDatabaseConnections,
  worker,
  processes,
  metrics,
}: ConnectionSettings): number {
  const servers = processes * (databaseConnections + APART);
  // One connection reads the backlog for the metrics of all processes.
  return servers + (worker ? workerDatabaseConnections : 0) + (metrics ? 1 : 0);
}

interface ConnectionLimits {
  server: number;
  /** The limits of the database and the role; -1 for none. */
  database: number;
  role: number;
}

// PostgreSQL reserves some connections for superusers and, since version 16, for certain roles.
const LIMITS: Statement = {
  name: '',
  text: `
    SELECT current_setting('max_connections')::integer
             - current_setting('superuser_reserved_connections')::integer
             - coalesce(current_setting('reserved_connections', true), '0')::integer AS server,
           (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database,
           (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role`,
};

/**
 * Logs a warning if the database allows fewer connections than needed. Does not count other programs or usher's other
 * processes. Rejects if the database does not answer.
 */
export async function warnOfFewConnections(
  sql: Pick<Sql, 'rows'>,
  needed: number,
  logger: Logger,
): Promise<void> {
  const [limits] = await sql.rows<ConnectionLimits>(LIMITS, []);
  if (limits === undefined) return;
  const allowed = Math.min(
    ...[limits.server, limits.database, limits.role].filter(limit => limit >= 0),
  );
  if (allowed >= needed) return;
  logger.warn(
    { needed, allowed },
    'the database allows fewer connections than usher opens under load; lower DATABASE_CONNECTIONS, WORKER_DATABASE_CONNECTIONS or PROCESSES, or raise the limit of the server, the database or the role',
  );
}
