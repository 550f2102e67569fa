import { DatabaseError } from '../db/require-reachable.ts';
import type { Sql } from '../db/sql.ts';
import { lackingPrivileges } from './checks/privileges.ts';

/** Throws a DatabaseError if the role of a program may not read or write one of usher's tables. */
export async function requirePrivileges(sql: Pick<Sql, 'rows'>): Promise<void> {
  const lacking = await lackingPrivileges((text, values = []) =>
    sql.rows({ name: '', text }, values),
  );
  const [first] = lacking;
  if (first === undefined) return;
  const names = lacking.map(({ name }) => name).join(', ');
  throw new DatabaseError(
    `The role ${first.role} of DATABASE_URL lacks privileges on ${names}. \`npm run doctor\` prints the statements that grant them`,
  );
}
