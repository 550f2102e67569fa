import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { diffFromSchema } from '../support/schema-engine.ts';

const SCHEMA = new URL('../../prisma/schema.prisma', import.meta.url);

test('the migrations create the database that schema.prisma describes', async () => {
  const database = await createDatabase();
  try {
    expect((await diffFromSchema(database.url, readFileSync(SCHEMA, 'utf8'))).trim()).toBe(
      '-- This is an empty migration.',
    );
  } finally {
    await database.drop();
  }
});
