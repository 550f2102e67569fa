import expected from '../../../prisma/expected-schema.json' with { type: 'json' };
import type { SchemaObject } from './catalog.ts';

/** The objects that the migrations create. `npm run expected-schema` generates the file. */
export const EXPECTED_SCHEMA = expected as readonly SchemaObject[];

/** Prisma's table of migrations, which every role must be able to read. */
export const MIGRATIONS_TABLE = '_prisma_migrations';
