import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { readCatalog } from '../../src/doctor/schema/catalog.ts';
import { EXPECTED_SCHEMA } from '../../src/doctor/schema/expected.ts';
import { createDatabase } from '../support/database.ts';
import { hasDebianPostgres, startDebianPostgres } from '../support/debian-postgres.ts';
import { MIGRATIONS } from '../support/postgres.ts';

async function catalogOf(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN READ ONLY');
    return await readCatalog(client);
  } finally {
    await client.end();
  }
}

// After a new migration: npm run expected-schema.
describe('prisma/expected-schema.json', () => {
  test('has what the migrations make in the embedded PostgreSQL', async () => {
    const database = await createDatabase();
    try {
      expect(await catalogOf(database.url)).toEqual(EXPECTED_SCHEMA);
    } finally {
      await database.drop();
    }
  });

  test.runIf(hasDebianPostgres())('has what they make in PostgreSQL 15', async () => {
    const postgres = await startDebianPostgres();
    try {
      await migrate({ url: postgres.url }, { directory: MIGRATIONS });
      expect(await catalogOf(postgres.url)).toEqual(EXPECTED_SCHEMA);
    } finally {
      await postgres.close();
    }
  });
});
