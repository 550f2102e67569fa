import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { execute, runDoctor } from './run-doctor.ts';

/** The owner of the tables, who is no superuser. */
const owner = `owner_${randomBytes(6).toString('hex')}`;
const maintenance = (sql: string) => execute(new URL('/postgres', inject('templateUrl')).href, sql);
beforeAll(() => maintenance(`CREATE ROLE ${owner}`));
afterAll(() => maintenance(`DROP ROLE ${owner}`));

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeEach(async () => {
  database = await createDatabase();
  await execute(database.url, GIVE_TO_OWNER);
});
afterEach(() => database.drop());

const own = (kind: string, names: string) => `
  FOR name IN ${names} LOOP
    EXECUTE format('ALTER ${kind} %s OWNER TO ${owner}', name);
  END LOOP;`;
const ofNoExtension = (oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend WHERE objid = ${oid} AND deptype = 'e')`;
const GIVE_TO_OWNER = `DO $$ DECLARE name text; BEGIN
  ${own('DATABASE', 'SELECT current_database()')}
  ${own('TABLE', "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")}
  ${own('TYPE', "SELECT oid::regtype FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'")}
  ${own('FUNCTION', `SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND ${ofNoExtension('oid')}`)}
  END $$`;

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
  [
    'ALTER TABLE subscriptions ALTER COLUMN seats_used DROP DEFAULT',
    'column subscriptions.seats_used is other than it should be (integer NOT NULL)',
  ],
  [
    `DROP TRIGGER orders_refuse_oversold ON orders;
     ALTER TABLE orders ALTER COLUMN seats_used TYPE bigint;
     CREATE TRIGGER orders_refuse_oversold BEFORE INSERT OR UPDATE OF seats, seats_used ON orders
       FOR EACH ROW WHEN (new.seats_used > coalesce(new.seats, 0)) EXECUTE FUNCTION refuse_oversold_pool()`,
    'column orders.seats_used is other than it should be (bigint DEFAULT 0 NOT NULL)',
  ],
  [
    `ALTER TABLE orders ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE text,
       ALTER COLUMN status SET DEFAULT 'paid', ALTER COLUMN status DROP NOT NULL`,
    "column orders.status is other than it should be (text DEFAULT 'paid'::text)",
  ],
  [
    `ALTER TABLE subscriptions ALTER COLUMN seats_revoked DROP DEFAULT;
     ALTER TABLE subscriptions ALTER COLUMN seats_revoked ADD GENERATED ALWAYS AS IDENTITY`,
    'column subscriptions.seats_revoked is other than it should be (integer IDENTITY NOT NULL)',
  ],
  [
    'ALTER TABLE members ALTER COLUMN customer_id DROP NOT NULL',
    'column members.customer_id is other than it should be (uuid)',
  ],
  [
    'ALTER TABLE customer_seats DISABLE TRIGGER ALL',
    'constraint customer_seats_organization_id_order_id_fkey on customer_seats is disabled',
  ],
  [
    "ALTER TYPE seat_status RENAME VALUE 'revoked' TO 'gone'",
    "type seat_status is other than it should be ('pending', 'claimed', 'gone')",
  ],
  [
    "ALTER TYPE member_role RENAME VALUE 'owner' TO 'the ''owner'', or so'; ALTER TYPE member_role RENAME VALUE 'member' TO 'guest'",
    'type member_role is other than it should be',
  ],
  [
    "DELETE FROM pg_enum WHERE enumtypid = 'actor_kind'::regtype AND enumlabel IN ('organization', 'customer', 'member', 'system')",
    "type actor_kind is other than it should be ('user', 'invitee')",
  ],
] as const)('%s is a problem, whose SQL restores it', async (sql, message) => {
  await execute(database.url, sql);
  const broken = await look();
  expect(broken.code).toBe(1);
  expect(broken.schema).toContainEqual(
    expect.objectContaining({ status: 'problem', message: expect.stringContaining(message) }),
  );
  for (const { action, sql: repair = [] } of broken.schema) {
    expect(repair).not.toEqual([]);
    const role = action === 'As the owner of the tables, run' ? owner : undefined;
    if (role === undefined) expect(action).toBe('As a superuser, run');
    for (const statement of repair) await execute(database.url, statement, role);
  }
  const { schema } = await look();
  expect(schema).toEqual([expect.objectContaining({ status: 'ok' })]);
});

test('of a renamed value, the indexes that name it are no finding', async () => {
  await execute(database.url, "ALTER TYPE seat_status RENAME VALUE 'revoked' TO 'gone'");
  expect((await look()).schema.map(({ sql }) => sql)).toEqual([
    ["ALTER TYPE seat_status RENAME VALUE 'gone' TO 'revoked';"],
  ]);
});

test('values in another order are a problem that no statement mends', async () => {
  await execute(
    database.url,
    "UPDATE pg_enum SET enumsortorder = 9 WHERE enumtypid = 'seat_status'::regtype AND enumlabel = 'pending'",
  );
  expect((await look()).schema).toEqual([
    expect.objectContaining({
      status: 'problem',
      action: expect.stringMatching(/in this order: 'pending', 'claimed', 'revoked'$/),
    }),
  ]);
});

test('a value of somebody else is shown', async () => {
  await execute(database.url, "ALTER TYPE seat_status ADD VALUE 'on hold' AFTER 'pending'");
  const { code, schema } = await look();
  expect([code, schema]).toEqual([
    0,
    [
      expect.objectContaining({
        status: 'warning',
        message: "the value 'on hold' of the type seat_status is not usher's",
        action: expect.stringMatching(/^Let no row have it/),
      }),
    ],
  ]);
});

interface Foreign {
  sql: string;
  message: string;
  action: RegExp;
  /** What the action says. */
  cure: string;
}

const REMOVE = /^Remove it, unless /;

const FOREIGN: Record<string, Foreign> = {
  'a trigger': {
    sql: `CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER skip BEFORE INSERT ON members FOR EACH ROW EXECUTE FUNCTION skip()`,
    message: "trigger skip on members is not usher's",
    action: REMOVE,
    cure: 'DROP TRIGGER skip ON members',
  },
  'a rule': {
    sql: 'CREATE RULE keep AS ON DELETE TO mails DO INSTEAD NOTHING',
    message: "rule keep on mails is not usher's",
    action: REMOVE,
    cure: 'DROP RULE keep ON mails',
  },
  'a CHECK constraint': {
    sql: 'ALTER TABLE customer_seats ADD CONSTRAINT own CHECK (email IS NULL)',
    message: "constraint own on customer_seats is not usher's",
    action: REMOVE,
    cure: 'ALTER TABLE customer_seats DROP CONSTRAINT own',
  },
  'a UNIQUE constraint': {
    sql: 'ALTER TABLE customer_seats ADD CONSTRAINT own UNIQUE (created_at)',
    message: "constraint own on customer_seats is not usher's",
    action: REMOVE,
    cure: 'ALTER TABLE customer_seats DROP CONSTRAINT own',
  },
  'an exclusion constraint': {
    sql: 'ALTER TABLE orders ADD CONSTRAINT own EXCLUDE (seats WITH =)',
    message: "constraint own on orders is not usher's",
    action: REMOVE,
    cure: 'ALTER TABLE orders DROP CONSTRAINT own',
  },
  'a foreign key to another table': {
    sql: `CREATE TABLE places (id uuid PRIMARY KEY);
      ALTER TABLE members ADD CONSTRAINT own FOREIGN KEY (id) REFERENCES places`,
    message: "constraint own on members is not usher's",
    action: REMOVE,
    cure: 'ALTER TABLE members DROP CONSTRAINT own',
  },
  'a unique index': {
    sql: 'CREATE UNIQUE INDEX own ON members (organization_id, name)',
    message: "index own on members is not usher's",
    action: REMOVE,
    cure: 'DROP INDEX own',
  },
  'a column that needs a value': {
    sql: 'ALTER TABLE customer_seats ADD COLUMN note text NOT NULL',
    message: "column customer_seats.note is not usher's, and is NOT NULL without a default",
    action: /^Give it a default, or drop NOT NULL/,
    cure: 'ALTER TABLE customer_seats ALTER COLUMN note DROP NOT NULL',
  },
  'a foreign key of another table': {
    sql: `CREATE TABLE report (seat_id uuid, organization_id uuid);
      ALTER TABLE report ADD CONSTRAINT own FOREIGN KEY (organization_id, seat_id) REFERENCES customer_seats;
      ALTER TABLE report OWNER TO ${owner}`,
    message:
      "constraint own on report is not usher's, and keeps usher from deleting rows of customer_seats",
    action: /^Make it again with ON DELETE CASCADE or ON DELETE SET NULL/,
    cure: `ALTER TABLE report DROP CONSTRAINT own,
      ADD CONSTRAINT own FOREIGN KEY (organization_id, seat_id) REFERENCES customer_seats ON DELETE SET NULL`,
  },
  'a foreign key of another schema': {
    sql: `CREATE SCHEMA reports AUTHORIZATION ${owner};
      CREATE TABLE reports.members (id uuid REFERENCES organizations ON DELETE RESTRICT) PARTITION BY LIST (id);
      CREATE TABLE reports.others PARTITION OF reports.members DEFAULT;
      ALTER TABLE reports.members OWNER TO ${owner}`,
    message:
      "constraint members_id_fkey on reports.members is not usher's, and keeps usher from deleting rows of organizations",
    action: /^Make it again with ON DELETE CASCADE or ON DELETE SET NULL/,
    cure: `ALTER TABLE reports.members DROP CONSTRAINT members_id_fkey,
      ADD CONSTRAINT members_id_fkey FOREIGN KEY (id) REFERENCES organizations ON DELETE CASCADE`,
  },
};

test.each(Object.entries(FOREIGN))('%s of somebody else is shown', async (_name, each) => {
  await execute(database.url, each.sql);
  const { code, schema } = await look();
  expect([code, schema]).toEqual([
    0,
    [
      expect.objectContaining({
        status: 'warning',
        message: each.message,
        action: expect.stringMatching(each.action),
      }),
    ],
  ]);
  await execute(database.url, each.cure, owner);
  expect((await look()).schema).toEqual([expect.objectContaining({ status: 'ok' })]);
});

test('what the operator adds is no problem', async () => {
  await execute(
    database.url,
    `CREATE TABLE report (id integer PRIMARY KEY);
     CREATE INDEX report_seats_idx ON customer_seats (revoked_at);
     ALTER TABLE organizations ADD COLUMN note text, ADD COLUMN "IDENTITY" text NOT NULL DEFAULT '',
       ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY, ADD COLUMN length integer NOT NULL GENERATED ALWAYS AS (1) STORED;
     CREATE TABLE report_seat (organization_id uuid, seat_id uuid,
       FOREIGN KEY (organization_id, seat_id) REFERENCES customer_seats ON DELETE CASCADE);
     CREATE FUNCTION own() RETURNS integer LANGUAGE sql AS 'SELECT 1';
     CREATE VIEW seats AS SELECT id FROM customer_seats`,
  );
  expect((await look()).schema).toEqual([expect.objectContaining({ status: 'ok' })]);
});
