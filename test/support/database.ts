import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** Creates a migrated database without rows for the caller alone; with `isEmpty`, without tables. */
export async function createDatabase({ isEmpty = false } = {}): Promise<{
  url: string;
  drop(): Promise<void>;
}> {
  const template = new URL(inject('templateUrl'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  const source = isEmpty ? 'template0' : template.pathname.slice(1);
  await onMaintenance(`CREATE DATABASE ${name} TEMPLATE ${source}`);
  const url = new URL(template);
  url.pathname = name;
  return {
    url: url.href,
    drop: () => onMaintenance(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function onMaintenance(sql: string): Promise<void> {
  const url = new URL(inject('templateUrl'));
  url.pathname = 'postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    // Copies of the template queue here, because only one connection at a time can copy it.
    await client.query('SELECT pg_advisory_lock(1)');
    await client.query(sql);
  } finally {
    await client.end();
  }
}
