import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// The database itself enforces these constraints, for every writer.

let usher: TestUsher;
let client: pg.Client;
beforeAll(async () => {
  usher = await startUsher();
  client = new pg.Client({ connectionString: usher.databaseUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await usher.close();
});

interface SeatRow {
  subscription?: string | null;
  order?: string | null;
  status?: string;
  member?: string | null;
  email?: string | null;
}

/** Writes a seat directly to the database. Returns the name of the violated constraint, or undefined. */
async function insertSeat(fixture: Fixture, row: SeatRow): Promise<string | undefined> {
  const { organization, customer, subscription } = fixture.ids;
  return await violationOf(
    `INSERT INTO customer_seats (id, organization_id, subscription_id, order_id, status, customer_id, member_id, email)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      randomUUID(),
      organization,
      row.subscription === undefined ? subscription : row.subscription,
      row.order ?? null,
      row.status ?? 'pending',
      customer,
      row.member ?? null,
      row.email ?? null,
    ],
  );
}

async function violationOf(sql: string, values: unknown[]): Promise<string | undefined> {
  try {
    await client.query(sql, values);
    return undefined;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error.constraint;
    throw error;
  }
}

async function used(fixture: Fixture): Promise<number> {
  const { seatsUsed } = await usher.db.subscription.findFirstOrThrow({
    where: { id: fixture.ids.subscription },
  });
  return seatsUsed;
}

describe('a pool cannot be oversold', () => {
  test('by another seat', async () => {
    const fixture = await usher.addFixture({ seats: 1 });
    expect(await insertSeat(fixture, { email: 'a@x.example' })).toBeUndefined();
    expect(await insertSeat(fixture, { email: 'b@x.example' })).toBe(
      'subscriptions_seats_used_check',
    );
    expect(await insertSeat(fixture, { email: 'c@x.example', status: 'revoked' })).toBeUndefined();
  });

  test('by restoring a revoked seat', async () => {
    const fixture = await usher.addFixture({ seats: 1 });
    await insertSeat(fixture, { email: 'a@x.example' });
    await insertSeat(fixture, { email: 'b@x.example', status: 'revoked' });
    const back = `UPDATE customer_seats SET status = 'claimed' WHERE subscription_id = $1 AND status = 'revoked'`;
    expect(await violationOf(back, [fixture.ids.subscription])).toBe(
      'subscriptions_seats_used_check',
    );
  });

  test('by lowering its capacity', async () => {
    const fixture = await usher.addFixture({ seats: 2 });
    await insertSeat(fixture, { email: 'a@x.example' });
    const shrink = 'UPDATE subscriptions SET seats = $2 WHERE id = $1';
    expect(await violationOf(shrink, [fixture.ids.subscription, 0])).toBe(
      'subscriptions_seats_used_check',
    );
    expect(await violationOf(shrink, [fixture.ids.subscription, 1])).toBeUndefined();
  });

  test('by lowering its capacity, unless the transaction means to oversell', async () => {
    const fixture = await usher.addFixture({ seats: 2 });
    await insertSeat(fixture, { email: 'a@x.example' });
    await insertSeat(fixture, { email: 'b@x.example' });
    await client.query(`BEGIN; SET LOCAL usher.oversell = 'on'`);
    const shrink = 'UPDATE subscriptions SET seats = $2 WHERE id = $1';
    expect(await violationOf(shrink, [fixture.ids.subscription, 1])).toBeUndefined();
    await client.query('COMMIT');
    expect(await insertSeat(fixture, { email: 'c@x.example' })).toBe(
      'subscriptions_seats_used_check',
    );
    expect(await violationOf(shrink, [fixture.ids.subscription, 0])).toBe(
      'subscriptions_seats_used_check',
    );
    const revoke = `UPDATE customer_seats SET status = 'revoked' WHERE subscription_id = $1 AND email = 'a@x.example'`;
    expect(await violationOf(revoke, [fixture.ids.subscription])).toBeUndefined();
    expect(await used(fixture)).toBe(1);
  });

  test('by a seat of an order', async () => {
    const fixture = await usher.addFixture({ seats: 0 });
    const row = { subscription: null, order: fixture.ids.order, email: 'a@x.example' };
    expect(await insertSeat(fixture, row)).toBe('orders_seats_used_check');
  });

  test('and its counter follows every change', async () => {
    const fixture = await usher.addFixture({ seats: 9 });
    const { subscription, order } = fixture.ids;
    await insertSeat(fixture, { email: 'a@x.example' });
    await insertSeat(fixture, { email: 'b@x.example' });
    expect(await used(fixture)).toBe(2);
    const where = 'WHERE subscription_id = $1 AND email =';
    await client.query(`UPDATE customer_seats SET status = 'claimed' ${where} 'a@x.example'`, [
      subscription,
    ]);
    expect(await used(fixture)).toBe(2);
    await client.query(`UPDATE customer_seats SET status = 'revoked' ${where} 'a@x.example'`, [
      subscription,
    ]);
    expect(await used(fixture)).toBe(1);
    await client.query(
      `UPDATE customer_seats SET subscription_id = NULL, order_id = $2 ${where} 'b@x.example'`,
      [subscription, order],
    );
    expect(await used(fixture)).toBe(0);
    const moved = await usher.db.order.findFirstOrThrow({ where: { id: order } });
    expect(moved.seatsUsed).toBe(1);
    await client.query('DELETE FROM customer_seats WHERE order_id = $1', [order]);
    expect((await usher.db.order.findFirstOrThrow({ where: { id: order } })).seatsUsed).toBe(0);
  });
});

describe('a person has at most one live seat of a pool', () => {
  test('by member', async () => {
    const fixture = await usher.addFixture();
    const { member } = fixture.ids;
    expect(await insertSeat(fixture, { member, email: 'a@x.example' })).toBeUndefined();
    expect(await insertSeat(fixture, { member, email: 'b@x.example' })).toBe(
      'customer_seats_subscription_member_key',
    );
  });

  test('by e-mail address, case-insensitive', async () => {
    const fixture = await usher.addFixture();
    expect(await insertSeat(fixture, { email: 'ÉVA@x.example' })).toBeUndefined();
    expect(await insertSeat(fixture, { email: 'éva@X.example' })).toBe(
      'customer_seats_subscription_email_key',
    );
    expect(
      await insertSeat(fixture, { email: 'éva@x.example', status: 'revoked' }),
    ).toBeUndefined();
    const elsewhere = { subscription: null, order: fixture.ids.order, email: 'éva@x.example' };
    expect(await insertSeat(fixture, elsewhere)).toBeUndefined();
    expect(await insertSeat(fixture, elsewhere)).toBe('customer_seats_order_email_key');
  });
});

test('a seat has exactly one pool', async () => {
  const fixture = await usher.addFixture();
  expect(await insertSeat(fixture, { subscription: null })).toBe('customer_seats_source_check');
  expect(await insertSeat(fixture, { order: fixture.ids.order })).toBe(
    'customer_seats_source_check',
  );
});

test('a row cannot refer to another organization', async () => {
  const fixture = await usher.addFixture();
  const other = await usher.addFixture();
  expect(await insertSeat(fixture, { subscription: other.ids.subscription })).toBe(
    'customer_seats_organization_id_subscription_id_fkey',
  );
  expect(await insertSeat(fixture, { member: other.ids.member })).toBe(
    'customer_seats_organization_id_member_id_fkey',
  );
});
