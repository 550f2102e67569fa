import pg from 'pg';

/**
 * The settings of every session: the output formats that the driver and the adapter parse, and the isolation level that
 * the statements require. They override those of the server, the database, the role and the connection string.
 */
const REQUIRED = {
  // The adapter drops time zones.
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  xmloption: 'content',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
};

/** Further settings of a session, by name. */
export type SessionSettings = Readonly<Record<string, string>>;

/**
 * Applies the settings to a new connection before its first query. Uses SET, since the connection string can replace the
 * `options` of a connection, and poolers refuse them.
 */
export async function prepareSession(
  client: Pick<pg.ClientBase, 'query'>,
  settings: SessionSettings = {},
): Promise<void> {
  const all = Object.entries({ ...REQUIRED, ...settings });
  const statements = all.map(
    ([name, value]) => `SET SESSION ${pg.escapeIdentifier(name)} TO ${pg.escapeLiteral(value)}`,
  );
  await client.query(statements.join('; '));
}
