import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFile } from '../support/import.ts';
import { untilWaiting } from '../support/locks.ts';
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

test('an import retries after a deadlock', async () => {
  const fixture = await usher.addFixture();
  const [organization] = fixture.document.organizations;
  const seat = { id: randomUUID(), subscriptionId: fixture.ids.subscription };
  const fileWith = (status: string, name: string) => {
    const [customer, ...customers] = organization?.customers ?? [];
    return {
      ...fixture.document,
      organizations: [
        {
          ...organization,
          customers: [{ ...customer, name }, ...customers],
          seats: [{ ...seat, status, email: 'sam@globex.example' }],
        },
      ],
    };
  };
  await importFile(usher.databaseUrl, fileWith('pending', 'Globex'));
  const revoked = fileWith('revoked', 'Globex Inc.');

  // This transaction locks the pool and then the customer; the import locks the customer and then the pool.
  await other.query("BEGIN; SET LOCAL deadlock_timeout = '60s'");
  await other.query('SELECT 1 FROM subscriptions WHERE id = $1 FOR UPDATE', [
    fixture.ids.subscription,
  ]);
  const importing = importFile(usher.databaseUrl, revoked);
  await untilWaiting(usher);
  await other.query('SELECT 1 FROM customers WHERE id = $1 FOR UPDATE', [fixture.ids.customer]);
  await other.query('COMMIT');

  await importing;
  const row = await usher.db.customerSeat.findFirstOrThrow({ where: { id: seat.id } });
  expect(row.status).toBe('revoked');
});
