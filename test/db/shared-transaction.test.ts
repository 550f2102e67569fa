import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { violatedConstraint } from '../../src/db/constraints.ts';
import { beginSharedTransaction } from '../../src/db/shared-transaction.ts';
import { createDatabase } from '../support/database.ts';

let own: Awaited<ReturnType<typeof createDatabase>>;
let outside: Database;
beforeAll(async () => {
  own = await createDatabase();
  outside = openDatabase(own.url);
});
afterAll(async () => {
  await outside.close();
  await own.drop();
});

const INSERT = 'INSERT INTO organizations (id, slug, name) VALUES ($1, $2, $3)';

const organizations = (...ids: string[]) =>
  outside.db.organization.count({ where: { id: { in: ids } } });

test('hand-written SQL and Prisma see each other’s changes, and others see them after the commit', async () => {
  const shared = await beginSharedTransaction(own.url);
  const [one, two] = [randomUUID(), randomUUID()];
  await shared.client.query(INSERT, [one, one, 'One']);
  expect((await shared.prisma().organization.findUniqueOrThrow({ where: { id: one } })).name).toBe(
    'One',
  );
  await shared.prisma().organization.create({ data: { id: two, slug: two, name: 'Two' } });
  const { rows } = await shared.client.query('SELECT name FROM organizations WHERE id = $1', [two]);
  expect(rows).toEqual([{ name: 'Two' }]);
  expect(await organizations(one, two)).toBe(0);
  await shared.commit();
  expect(await organizations(one, two)).toBe(2);
  await shared.close();
});

test('without a commit everything is rolled back, including commits of Prisma', async () => {
  const shared = await beginSharedTransaction(own.url);
  const id = randomUUID();
  // Several statements, for which Prisma begins its own transaction.
  await shared.prisma().organization.create({
    data: { id, slug: id, name: 'One', customers: { create: [{ id }, { id: randomUUID() }] } },
  });
  expect(await shared.prisma().customer.count({ where: { organizationId: id } })).toBe(2);
  await shared.close();
  expect(await organizations(id)).toBe(0);
});

test('a rollback of Prisma keeps the other changes', async () => {
  const shared = await beginSharedTransaction(own.url);
  const [one, two] = [randomUUID(), randomUUID()];
  await shared.client.query(INSERT, [one, one, 'One']);
  const customers = { create: [{ id: two }, { id: two }] };
  const failure = shared
    .prisma()
    .organization.create({ data: { id: two, slug: two, name: 'Two', customers } });
  const error = await failure.catch((reason: unknown) => reason);
  expect(violatedConstraint(error)).toBe('customers_pkey');
  await shared.commit();
  await shared.close();
  expect([await organizations(one), await organizations(two)]).toEqual([1, 0]);
});

test.each(['hand-written', 'by Prisma'])(
  'a running statement fails with its connection (%s)',
  async by => {
    const shared = await beginSharedTransaction(own.url);
    const sleeping =
      by === 'hand-written'
        ? shared.client.query("SELECT pg_sleep(60), 'hand-written'")
        : shared.prisma().$queryRaw`SELECT pg_sleep(60)::text, 'by Prisma'`;
    const outcome = sleeping.catch((reason: unknown) => reason);
    await vi.waitFor(
      async () => {
        const active = await outside.db.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event = 'PgSleep' AND query LIKE ${`%${by}%`}`;
        expect(active).toHaveLength(1);
      },
      { timeout: 10_000 },
    );
    await shared.client.end();
    expect(await outcome).toBeInstanceOf(Error);
    await shared.close();
  },
);

test('an unreachable database is an error of the driver', async () => {
  const url = new URL(own.url);
  url.pathname = '/no_such_database';
  await expect(beginSharedTransaction(url.href)).rejects.toMatchObject({ code: '3D000' });
});
