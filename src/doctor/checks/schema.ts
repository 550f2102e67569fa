import { MIGRATIONS } from '../../database.ts';
import { compareMigrations, MigrationError } from '../../db/migrate.ts';
import { counted, type Finding, ok, problem, warning } from '../check.ts';
import type { SchemaObject } from '../schema/catalog.ts';
import { compareSchemas } from '../schema/compare.ts';
import { EXPECTED_SCHEMA } from '../schema/expected.ts';
import { findForeign } from '../schema/foreign.ts';

/** How the migrations of the database compare with those of this program. */
export interface MigrationState {
  finding: Finding;
  /** `pending`: tables may be missing. `other`: this program does not know the schema. */
  state: 'current' | 'pending' | 'other';
}

/** Compares the migrations of the database with those of this program. */
export async function checkMigrations({
  url,
  migrates,
}: {
  url: string;
  migrates: boolean;
}): Promise<MigrationState> {
  try {
    const { pending, newer } = await compareMigrations({ url }, { directory: MIGRATIONS });
    if (pending.length === 0 && newer.length > 0) {
      const message = `all applied, and ${newer.length} of a later version, with which this one works`;
      return { finding: ok(message), state: 'other' };
    }
    if (pending.length === 0) return { finding: ok('all applied'), state: 'current' };
    const message = `${counted(pending.length, 'migration')} pending`;
    const finding = migrates
      ? warning(message, 'usher applies them when it starts')
      : problem(message, 'Run `npm run migrate` as the owner of the database');
    return { finding, state: 'pending' };
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    const finding = problem(error.message, actionOf(error));
    return { finding, state: 'other' };
  }
}

function actionOf({ message }: MigrationError): string {
  if (/newer/.test(message))
    return 'Run the version of usher that migrated the database, or a later one';
  if (/changed/.test(message)) return 'Put the file of the migration back as it was released';
  return 'Look at what the migration did before it failed';
}

/** Compares the schema with the one that the migrations create. */
export function schemaFindings(actual: readonly SchemaObject[]): Finding[] {
  const differences = compareSchemas(EXPECTED_SCHEMA, actual).map(({ message, action, sql }) =>
    problem(message, action, sql),
  );
  const foreign = findForeign(EXPECTED_SCHEMA, actual).map(({ message, action }) =>
    warning(message, action),
  );
  if (differences.length > 0 || foreign.length > 0) return [...differences, ...foreign];
  return [ok(`${counted(EXPECTED_SCHEMA.length, 'object')} as the migrations made them`)];
}
