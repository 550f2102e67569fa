import pg from 'pg';

/**
 * What every session of usher's speaks, whatever the server, the database, the role or the address's own `options` set:
 * the spelling of values that the driver and the adapter read, and the isolation that the statements are written for.
 */
const SPOKEN = {
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

/** Further settings of a session, by their names. */
export type SessionSettings = Readonly<Record<string, string>>;

/**
 * Gives a new connection its settings, before anything else is asked of it. They are set by a statement, since the
 * `options` of a connection can be replaced by the address's, and poolers refuse them.
 */
export async function prepareSession(
  client: Pick<pg.ClientBase, 'query'>,
  settings: SessionSettings = {},
): Promise<void> {
  const all = Object.entries({ ...SPOKEN, ...settings });
  const statements = all.map(
    ([name, value]) => `SET SESSION ${pg.escapeIdentifier(name)} TO ${pg.escapeLiteral(value)}`,
  );
  await client.query(statements.join('; '));
}
