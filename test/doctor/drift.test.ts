import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { execute, runDoctor } from './run-doctor.ts';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

const look = async () => {
  const { code, findings } = await runDoctor({ DATABASE_URL: database.url });
  return { code, schema: findings.filter(({ check }) => check === 'schema') };
};

test.each([
  [
    'DROP TRIGGER customer_seats_count_insert ON customer_seats',
    'trigger customer_seats_count_insert on customer_seats is missing: it counts the live seats of each pool; without it, a pool can be oversold',
  ],
  [
    'ALTER TABLE customer_seats DISABLE TRIGGER customer_seats_count_update',
    'trigger customer_seats_count_update on customer_seats is disabled: it counts',
  ],
  [
    'DROP TRIGGER orders_refuse_oversold ON orders',
    'trigger orders_refuse_oversold on orders is missing: it keeps a pool from being oversold',
  ],
  [
    'ALTER TABLE subscriptions DROP CONSTRAINT subscriptions_seats_used_not_negative_check',
    'constraint subscriptions_seats_used_not_negative_check on subscriptions is missing: it keeps the count',
  ],
  [
    `ALTER TABLE orders DROP CONSTRAINT orders_seats_used_not_negative_check;
     ALTER TABLE orders ADD CONSTRAINT orders_seats_used_not_negative_check CHECK (seats_used >= 0) NOT VALID`,
    'constraint orders_seats_used_not_negative_check on orders is not valid for all rows',
  ],
  [
    'DROP INDEX customer_seats_subscription_email_key',
    'index customer_seats_subscription_email_key on customer_seats is missing: it keeps one address from holding two seats of one pool',
  ],
  [
    `DROP INDEX customer_seats_order_member_key;
     CREATE INDEX customer_seats_order_member_key ON customer_seats (organization_id, order_id, member_id)`,
    'index customer_seats_order_member_key on customer_seats is other than it should be (CREATE INDEX',
  ],
  [
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'mails_due_idx'::regclass",
    'index mails_due_idx on mails is invalid and not used',
  ],
  [
    'ALTER TABLE customer_seats DROP CONSTRAINT customer_seats_source_check',
    'constraint customer_seats_source_check on customer_seats is missing: it keeps each seat in exactly one pool',
  ],
  [
    'ALTER TABLE members DISABLE TRIGGER ALL',
    'constraint members_organization_id_customer_id_fkey on members is disabled',
  ],
  [
    'ALTER TABLE organizations DISABLE TRIGGER ALL',
    'constraint audit_events_organization_id_fkey on audit_events is disabled',
  ],
  ['ALTER TABLE mails DROP COLUMN handed_over_at', 'column mails.handed_over_at is missing'],
  [
    'ALTER TABLE members ALTER COLUMN email TYPE text, ALTER COLUMN email DROP NOT NULL',
    'column members.email is other than it should be (text)',
  ],
  [
    'ALTER TABLE customer_seats ALTER COLUMN metadata SET DEFAULT \'{"a": 1}\'',
    'column customer_seats.metadata is other than it should be',
  ],
  [
    `CREATE OR REPLACE FUNCTION count_customer_seats() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
    'function count_customer_seats has another body: it counts the live seats',
  ],
  ['DROP TABLE mail_opt_outs', 'table mail_opt_outs is missing'],
  ['DROP TABLE archived_events', 'table archived_events is missing'],
  ['ALTER TABLE orders ENABLE ROW LEVEL SECURITY', 'table orders has row-level security'],
  [
    'ALTER TABLE idempotency_keys SET UNLOGGED',
    'table idempotency_keys is other than it should be',
  ],
] as const)('%s is a problem, whose SQL restores it', async (sql, message) => {
  await execute(database.url, sql);
  const broken = await look();
  expect(broken.code).toBe(1);
  expect(broken.schema).toContainEqual(
    expect.objectContaining({ status: 'problem', message: expect.stringContaining(message) }),
  );
  for (const { sql: repair = [] } of broken.schema) {
    for (const statement of repair) await execute(database.url, statement);
  }
  const { schema } = await look();
  expect(schema).toEqual([expect.objectContaining({ status: 'ok' })]);
});

test('a trigger and a rule of somebody else on a table of usher are shown', async () => {
  await execute(
    database.url,
    `CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
     CREATE TRIGGER skip BEFORE INSERT ON members FOR EACH ROW EXECUTE FUNCTION skip();
     CREATE RULE keep AS ON DELETE TO mails DO INSTEAD NOTHING`,
  );
  const { code, schema } = await look();
  expect(code).toBe(0);
  expect(schema.map(({ status, message }) => [status, message]).toSorted()).toEqual([
    ['warning', "rule keep on mails is not usher's"],
    ['warning', "trigger skip on members is not usher's"],
  ]);
});

test('what the operator adds is no problem', async () => {
  await execute(
    database.url,
    `CREATE TABLE report (id integer PRIMARY KEY);
     CREATE INDEX report_seats_idx ON customer_seats (revoked_at);
     ALTER TABLE organizations ADD COLUMN note text;
     CREATE FUNCTION own() RETURNS integer LANGUAGE sql AS 'SELECT 1';
     CREATE VIEW seats AS SELECT id FROM customer_seats`,
  );
  expect((await look()).schema).toEqual([expect.objectContaining({ status: 'ok' })]);
});
