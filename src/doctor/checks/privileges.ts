import { type Check, type Look, ok, problem, warning } from '../check.ts';
import { EXPECTED_SCHEMA, MIGRATIONS_TABLE } from '../schema/expected.ts';

const NEEDED = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

interface Lacking {
  name: string;
  role: string;
  privileges: string;
  isTable: boolean;
}

const named = (kind: string) =>
  EXPECTED_SCHEMA.filter(object => object.kind === kind).map(({ name }) => name);

/** Returns the tables and sequences on which the connection's role lacks a required privilege. */
export function lackingPrivileges(rows: Look['rows']): Promise<Lacking[]> {
  return rows<Lacking>(
    `SELECT c.relname AS name, current_user AS role, c.relkind <> 'S' AS "isTable",
            string_agg(p.name, ', ') AS privileges
       FROM pg_class c
      CROSS JOIN LATERAL unnest(CASE WHEN c.relkind = 'S' THEN ARRAY['USAGE']
                                     WHEN c.relname = $3 THEN ARRAY['SELECT'] ELSE $4::text[] END) AS p (name)
      WHERE c.relnamespace = 'public'::regnamespace
        AND (c.relkind IN ('r', 'p') AND c.relname = ANY ($1) OR c.relkind = 'S' AND c.relname = ANY ($2))
        AND NOT CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, p.name)
                     ELSE has_table_privilege(c.oid, p.name) END
      GROUP BY 1, 2, 3 ORDER BY 1`,
    [named('table'), named('sequence'), MIGRATIONS_TABLE, NEEDED],
  );
}

/** Checks that usher's role has the required privileges, and not too many. */
export const checkPrivileges: Check = async ({ config, rows }) => {
  const lacking = await lackingPrivileges(rows);
  if (lacking.length > 0) {
    return problem(
      `the role ${lacking[0]?.role} lacks privileges on ${lacking.map(({ name }) => name).join(', ')}`,
      'As the owner of the tables, run',
      [
        ...lacking.map(
          ({ name, role, privileges, isTable }) =>
            `GRANT ${privileges} ON ${isTable ? 'TABLE' : 'SEQUENCE'} ${name} TO "${role}";`,
        ),
        // For the tables of later migrations.
        `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ${NEEDED.join(', ')} ON TABLES TO "${lacking[0]?.role}";`,
        `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO "${lacking[0]?.role}";`,
      ],
    );
  }
  const [role] = await rows<{ name: string; isSuperuser: boolean; isOwner: boolean }>(
    `SELECT current_user AS name, r.rolsuper AS "isSuperuser",
            has_schema_privilege('public', 'CREATE') AND NOT EXISTS (
              SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1)
                 AND NOT pg_has_role(c.relowner, 'USAGE')) AS "isOwner"
       FROM pg_roles r WHERE r.rolname = current_user`,
    [named('table')],
  );
  if (role === undefined) return [];
  // The embedded database has no other role.
  if (role.isSuperuser && config.databaseUrl !== undefined) {
    return warning(
      `the role ${role.name} is a superuser`,
      'Give usher a role of its own: docs/operations.md#migrations has its privileges',
    );
  }
  if (config.migrates && !role.isOwner) {
    return warning(
      `the role ${role.name} does not own the tables and cannot apply the next migration`,
      'Set MIGRATE=false, and run `npm run migrate` as the owner before each new version',
    );
  }
  return ok(`the role ${role.name} has what it needs`);
};
