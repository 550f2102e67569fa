import pg from 'pg';
import { expect } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { ImportError, importFile } from '../support/import.ts';

/** The advisory lock that an import holds. */
const IMPORT_LOCK = 72_707_370;

const TABLES = [
  'users',
  'organizations',
  'organization_memberships',
  'access_tokens',
  'products',
  'customers',
  'members',
  'customer_sessions',
  'member_sessions',
  'subscriptions',
  'orders',
  'customer_seats',
  'webhook_endpoints',
];

/** Creates a database for one test file, with a client of its own. */
export async function openProbe() {
  const { url, drop } = await createDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();

  /** Returns every row with the transaction that wrote it. */
  async function fingerprint(): Promise<string[]> {
    const rows = TABLES.map(
      table => `SELECT '${table} ' || xmin || ' ' || t::text AS row FROM ${table} AS t`,
    );
    const result = await client.query<{ row: string }>(`${rows.join(' UNION ALL ')} ORDER BY 1`);
    return result.rows.map(({ row }) => row);
  }

  return {
    url,
    client,
    fingerprint,
    async find(table: string, id: unknown) {
      const { rows } = await client.query(`SELECT * FROM ${table} WHERE id = $1`, [id]);
      return rows[0];
    },
    /** Returns the problems of an import that fails, and checks that it wrote nothing. */
    async problemsOf(document: unknown): Promise<string[]> {
      const before = await fingerprint();
      const error = await importFile(url, document).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof ImportError)) throw new Error('not refused', { cause: error });
      expect(await fingerprint()).toEqual(before);
      return error.message.split('\n');
    },
    /** Resolves once an import writes to this database. */
    async untilImporting() {
      await expect
        .poll(
          async () => {
            const { rowCount } = await client.query(
              `SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = ${IMPORT_LOCK}
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
            );
            return rowCount;
          },
          { timeout: 10_000, interval: 20 },
        )
        .toBeGreaterThan(0);
    },
    async close() {
      await client.end();
      await drop();
    },
  };
}
