import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listMigrations } from '../../src/db/migrate.ts';
import { breakingChanges } from '../support/breaking-changes.ts';
import { MIGRATIONS } from '../support/postgres.ts';

// A migration is applied while programs of the last release run, so it only adds. One that takes something away says so in
// its name, with the migration from which on no program uses it: CONTRIBUTING.md, "A migration".

/** The last migration from before this rule. */
const BEFORE = '20261127100000_secret_keys';

test('migrations only add, unless their name says that they contract', async () => {
  const names = (await listMigrations(MIGRATIONS)).filter(name => name > BEFORE);
  for (const name of names) {
    if (/^\d+_contract_\d{14}_/.test(name)) continue;
    const sql = readFileSync(join(MIGRATIONS, name, 'migration.sql'), 'utf8');
    expect(await breakingChanges(sql), name).toEqual([]);
  }
});

const TAKES: Record<string, string> = {
  'DROP TABLE seats': 'drops a table',
  'DROP FUNCTION refuse()': 'drops a function',
  'DROP TRIGGER refuse ON seats': 'drops a trigger',
  'DROP TYPE status': 'drops a type',
  'ALTER TABLE seats RENAME TO places': 'renames a table',
  'ALTER TABLE seats RENAME COLUMN name TO title': 'renames a column',
  'ALTER TABLE seats DROP COLUMN name': 'drops the column name',
  'ALTER TABLE seats ALTER COLUMN name TYPE text': 'changes the type of name',
  'ALTER TABLE seats ALTER name SET NOT NULL': 'requires name',
  'ALTER TABLE seats ALTER name DROP DEFAULT': 'drops the default of name',
  'ALTER TABLE seats ADD COLUMN name text NOT NULL': 'adds the required name',
  "ALTER TABLE seats ADD CHECK (name <> '')": 'adds a constraint',
  'ALTER TABLE seats ADD FOREIGN KEY (pool) REFERENCES pools NOT VALID': 'adds a constraint',
  'CREATE UNIQUE INDEX ON seats (name)': 'adds a unique index',
};

test.each(Object.entries(TAKES))('%s takes something away', async (sql, change) => {
  expect(await breakingChanges(sql)).toEqual([change]);
});

test.each([
  "CREATE TABLE seats (name text NOT NULL CHECK (name <> '')); CREATE UNIQUE INDEX ON seats (name)",
  'CREATE TABLE seats (id int); ALTER TABLE seats ADD PRIMARY KEY (id)',
  'ALTER TABLE seats ADD COLUMN name text',
  "ALTER TABLE seats ADD COLUMN name text NOT NULL DEFAULT ''",
  'ALTER TABLE seats ADD COLUMN number int NOT NULL GENERATED ALWAYS AS IDENTITY',
  "ALTER TABLE seats ALTER name SET DEFAULT ''",
  'ALTER TABLE seats ALTER name DROP NOT NULL',
  'CREATE INDEX ON seats (name); DROP INDEX old',
  'ALTER INDEX old RENAME TO new',
])('%s only adds', async sql => {
  expect(await breakingChanges(sql)).toEqual([]);
});
