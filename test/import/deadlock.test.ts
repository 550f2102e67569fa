import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importWorld } from '../../src/import/import-world.ts';
import { untilWaiting } from '../support/locks.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let other: pg.Client;
beforeAll(async () => {
  usher = await startUsher();
  other = new pg.Client({ connectionString: usher.databaseUrl });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await usher.close();
});

test('an import that meets a deadlock is begun again, and loads', async () => {
  const world = await usher.addWorld();
  const seat = await givenSeat(usher, world, { email: 'sam@globex.example' });
  const [organization] = world.document.organizations;
  const revoked = {
    ...world.document,
    organizations: [
      {
        ...organization,
        seats: [{ id: seat.id, subscriptionId: world.ids.subscription, status: 'revoked' }],
      },
    ],
  };

  // Like a verb, this holds the pool and then wants the seat; the import holds the seat and wants the pool.
  await other.query("BEGIN; SET LOCAL deadlock_timeout = '60s'");
  await other.query('SELECT 1 FROM subscriptions WHERE id = $1 FOR UPDATE', [
    world.ids.subscription,
  ]);
  const importing = importWorld(usher.databaseUrl, revoked);
  await untilWaiting(usher);
  await other.query('SELECT 1 FROM customer_seats WHERE id = $1 FOR UPDATE', [seat.id]);
  await other.query('COMMIT');

  await importing;
  const row = await usher.db.customerSeat.findFirstOrThrow({ where: { id: seat.id } });
  expect(row.status).toBe('revoked');
});
