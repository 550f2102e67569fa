import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'prisma/config';

// Every CLI command looks for the engine binary, though `generate` and `validate` never run it.
// Where it could not be downloaded any file will do; where it could, it is used.
const engines = new URL('node_modules/@prisma/engines/', import.meta.url);
const downloaded =
  existsSync(engines) && readdirSync(engines).some(name => name.startsWith('schema-engine'));
if (!downloaded) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://127.0.0.1/usher' },
});
