import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashToken } from '../../src/auth/token.ts';
import { ImportError, importWorld } from '../../src/import/import-world.ts';
import { createDatabase } from '../support/database.ts';
import { range } from '../support/parallel.ts';
import { aWorld, type World } from './worlds.ts';

let url: string;
let client: pg.Client;
let world: World;

beforeAll(async () => {
  const database = await createDatabase();
  url = database.url;
  client = new pg.Client({ connectionString: url });
  await client.connect();
  return async () => {
    await client.end();
    await database.drop();
  };
});

beforeEach(async () => {
  await client.query('TRUNCATE organizations, users, customer_seats CASCADE');
  world = aWorld();
});

describe('importWorld', () => {
  it('loads every key of the file', async () => {
    const { users, organization } = world;
    organization.slug = 'acme';
  });
});
