import pg from 'pg';

/** Settings that differ from those of usher's sessions. */
export const DIFFERENT = {
  DateStyle: 'SQL, DMY',
  TimeZone: 'America/New_York',
  IntervalStyle: 'sql_standard',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  standard_conforming_strings: 'off',
  array_nulls: 'off',
  default_transaction_isolation: 'serializable',
  statement_timeout: '7min',
  lock_timeout: '7min',
  idle_in_transaction_session_timeout: '7min',
  idle_session_timeout: '7min',
  transaction_timeout: '7min',
  enable_seqscan: 'on',
  jit: 'on',
};

/** The settings of usher's sessions. */
export const REQUIRED = {
  datestyle: 'ISO, YMD',
  timezone: 'UTC',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  default_transaction_isolation: 'read committed',
  jit: 'off',
  idle_session_timeout: '0',
  transaction_timeout: '0',
};

/** The settings of a pool's sessions. */
export const OF_A_POOL = {
  statement_timeout: '10s',
  lock_timeout: '3s',
  idle_in_transaction_session_timeout: '15s',
  enable_seqscan: 'off',
};

/** Reads the settings named by its parameter. */
export const SHOW = {
  name: 'settings_spoken',
  text: `SELECT lower(name) AS name, current_setting(name) AS value FROM pg_settings
          WHERE lower(name) = ANY($1::text[])`,
};

/** Returns the values by name. */
export function namedBy(rows: { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** Sets the different settings for new connections to a database. */
export async function changeSettings(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const name = pg.escapeIdentifier(new URL(url).pathname.slice(1));
  for (const [setting, value] of Object.entries(DIFFERENT)) {
    await client.query(`ALTER DATABASE ${name} SET ${setting} TO ${pg.escapeLiteral(value)}`);
  }
  await client.end();
}
