import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSeats } from '../bench/lists-data.ts';
import { createDatabase } from '../support/database.ts';

const SEATS = 20_000;
/** Little more than the program needs for an empty database. */
const HEAP_MB = 40;

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await loadSeats(client, SEATS);
  await client.query("UPDATE members SET name = repeat('x', 2000)");
  await client.query('ALTER TABLE customer_seats DISABLE TRIGGER USER');
  await client.query(
    `UPDATE customer_seats SET metadata = jsonb_build_object('note', repeat('x', 900))`,
  );
  await client.end();
}, 120_000);
afterAll(() => database.drop());

test('an export needs less memory than its file has', async () => {
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, 'dist/export.js', '--all'],
    {
      env: { PATH: process.env.PATH, DATABASE_URL: database.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [bytes, said] = [0, ''];
  child.stdout.on('data', (part: Buffer) => (bytes += part.length));
  child.stderr.on('data', part => (said += part));
  const ended = await once(child, 'close');
  expect(ended, said).toEqual([0, null]);
  expect(bytes / 2 ** 20).toBeGreaterThan(1.3 * HEAP_MB);
}, 60_000);
