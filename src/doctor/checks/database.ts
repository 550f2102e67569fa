import { OLDEST_VERSION, SCHEMA } from '../../db/require-reachable.ts';
import { type Check, type Finding, ok, problem, warning } from '../check.ts';

const EXTENSIONS = ['pg_trgm', 'btree_gin'];

/** Checks the version, the encoding and the schema of the database, and that it is writable. */
export const checkDatabase: Check = async ({ rows }) => {
  const [row] = await rows<{
    version: string;
    number: number;
    encoding: string;
    schema: string | null;
    foldsAscii: boolean;
    foldsCase: boolean;
    isReplica: boolean;
    isReadOnly: boolean;
  }>(`SELECT current_setting('server_version') AS version,
             current_setting('server_version_num')::integer / 10000 AS number,
             current_setting('server_encoding') AS encoding,
             current_schema() AS schema,
             lower('I') = 'i' AS "foldsAscii",
             lower('É') = 'é' AS "foldsCase",
             pg_is_in_recovery() AS "isReplica",
             (SELECT setting = 'on' FROM pg_settings WHERE name = 'default_transaction_read_only') AS "isReadOnly"`);
  if (row === undefined) return [];
  const { version, number, encoding, schema, foldsAscii, foldsCase, isReplica, isReadOnly } = row;
  const found: Finding[] = [];
  if (number < OLDEST_VERSION) {
    found.push(
      problem(`PostgreSQL ${version} is too old`, `Upgrade it to ${OLDEST_VERSION} or later`),
    );
  }
  if (encoding !== 'UTF8') {
    found.push(
      problem(
        `its encoding is ${encoding}, which cannot store every name`,
        "Restore a dump into a database made with ENCODING 'UTF8'",
      ),
    );
  }
  if (!foldsAscii) {
    found.push(
      problem(
        'its locale has ı for I in lower case, so that a person can have two seats of a pool',
        "Restore a dump into a database made with LC_CTYPE 'C.UTF-8' or another locale of UTF-8",
      ),
    );
  } else if (encoding === 'UTF8' && !foldsCase) {
    found.push(
      warning(
        'its locale knows no letters but those of ASCII: É@example.com and é@example.com are two addresses there',
        "Restore a dump into a database made with LC_CTYPE 'C.UTF-8' or another locale of UTF-8",
      ),
    );
  }
  if (schema !== SCHEMA) {
    found.push(
      problem(
        `the role's search path begins with the schema ${schema ?? '(none)'}, and usher uses ${SCHEMA}`,
        `Run \`ALTER ROLE … SET search_path = ${SCHEMA}\``,
      ),
    );
  }
  if (isReplica) {
    found.push(
      problem('it is a replica, to which nobody can write', 'Let DATABASE_URL lead to the primary'),
    );
  } else if (isReadOnly) {
    found.push(
      problem(
        'it is read-only: default_transaction_read_only is on',
        'Run `ALTER DATABASE … SET default_transaction_read_only = off`, or the same for the role',
      ),
    );
  }
  return found.length > 0 ? found : ok(`PostgreSQL ${version}, ${encoding}, writable`);
};

/** Checks that the extensions for the indexes exist. */
export const checkExtensions: Check = async ({ config, rows }) => {
  const known = await rows<{ extname: string }>('SELECT extname FROM pg_extension');
  const missing = EXTENSIONS.filter(name => !known.some(({ extname }) => extname === name));
  if (missing.length === 0) return ok(EXTENSIONS.join(', '));
  const [row] = await rows<{ isComing: boolean }>(
    `SELECT to_regclass('public.customer_seats') IS NULL
            AND ($1 OR has_database_privilege(current_database(), 'CREATE')) AS "isComing"`,
    // Without `migrates`, another role runs the migrations.
    [!config.migrates],
  );
  if (row?.isComing) return ok('the migrations make them');
  return problem(
    `${missing.join(' and ')} missing`,
    'As an administrator of the database, run',
    missing.map(name => `CREATE EXTENSION ${name};`),
  );
};
