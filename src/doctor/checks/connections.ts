import pg from 'pg';
import { mostConnections } from '../../db/connection-budget.ts';
import { isPoolerAlone, TOO_MANY_CONNECTIONS } from '../../db/constraints.ts';
import { type Check, counted, ok, problem, warning } from '../check.ts';

/** Compares the connections that the server allows with those that this configuration needs. */
export const checkConnections: Check = async ({ config, rows }) => {
  const [row] = await rows<{ allowed: number; others: number }>(
    `SELECT least(
              CASE WHEN r.rolsuper THEN current_setting('max_connections')::integer
                   ELSE current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
                        - coalesce(current_setting('reserved_connections', true), '0')::integer END,
              nullif(r.rolconnlimit, -1), nullif(d.datconnlimit, -1)) AS allowed,
            (SELECT count(*)::integer FROM pg_stat_activity
              WHERE backend_type = 'client backend' AND application_name NOT LIKE 'usher%') AS others
       FROM pg_roles r, pg_database d
      WHERE r.rolname = current_user AND d.datname = current_database()`,
  );
  if (row === undefined) return [];
  const { allowed, others } = row;
  const needed = mostConnections(config);
  const use = `this configuration uses up to ${counted(needed, 'connection')}, and the database allows ${allowed}`;
  const action =
    'Raise max_connections, or the limit of the role or the database; or start fewer processes';
  if (needed > allowed) return problem(use, action);
  return needed + others > allowed
    ? warning(`${use}, of which others use ${others}`, action)
    : ok(use);
};

const LIMITS: readonly (readonly [RegExp, string])[] = [
  [
    /for role/,
    'The role has no free connection: raise its limit (`ALTER ROLE … CONNECTION LIMIT …`)',
  ],
  [
    /for database/,
    'The database has no free connection: raise its limit (`ALTER DATABASE … CONNECTION LIMIT …`)',
  ],
  [/clients|reserved/, 'The server has no free connection: raise max_connections'],
];

/** Returns what to do about a failed connection to the database. */
export function connectionAction(error: unknown): string {
  if (isPoolerAlone(error)) {
    return 'The pooler has no connection to spare: raise its limits, such as max_client_conn and default_pool_size, or start PostgreSQL behind it';
  }
  if (!(error instanceof pg.DatabaseError) || error.code !== TOO_MANY_CONNECTIONS) {
    return 'Correct DATABASE_URL, or start the database';
  }
  const [, cure] = LIMITS.find(([pattern]) => pattern.test(error.message)) ?? [
    undefined,
    'The role, the database or the server has no free connection: raise its limit',
  ];
  return `${cure}, end connections that nobody needs (pg_stat_activity), or start fewer processes`;
}
