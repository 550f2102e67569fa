import { mostConnections } from '../../db/connection-budget.ts';
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
