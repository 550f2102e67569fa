import expected from '../../../prisma/expected-schema.json' with { type: 'json' };
import type { SchemaObject } from './catalog.ts';

/** The objects that the migrations make. The file is generated: `npm run expected-schema`. */
export const EXPECTED_SCHEMA = expected as readonly SchemaObject[];

/** Prisma's own list of migrations, which everybody needs to read. */
export const MIGRATIONS_TABLE = '_prisma_migrations';
