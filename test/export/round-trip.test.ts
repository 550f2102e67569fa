import { constants } from 'node:buffer';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notesOn } from '../../src/commands/export/export-all.ts';
import { importSchema } from '../../src/import/json-schema.ts';
import { runDoctor } from '../doctor/run-doctor.ts';
import { tokenOf } from '../support/invitations.ts';
import { runProgram } from '../support/programs.ts';
import { assign, givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { fillWithEverything, type World } from './busy-world.ts';

let from: TestUsher;
let to: TestUsher;
let world: World;
let folder: string;
let first: string;
beforeAll(async () => {
  [from, to] = [await startUsher(), await startUsher()];
  folder = await mkdtemp(join(tmpdir(), 'usher-round-'));
  world = await fillWithEverything(from);
  first = join(folder, 'first.json');
});
afterAll(async () => {
  await from.close();
  await to.close();
  await rm(folder, { recursive: true });
});

/** What the file leaves out, by table: docs/backup.md. */
const LEFT_OUT: Record<string, string[]> = {
  users: ['modified_at'],
  organizations: ['modified_at'],
  organization_memberships: [],
  access_tokens: ['id', 'last_used_at', 'revoked_at'],
  products: ['modified_at'],
  customers: ['modified_at'],
  members: ['modified_at'],
  subscriptions: ['modified_at'],
  orders: ['modified_at'],
  customer_seats: ['modified_at', 'address_changed_at', 'expiry_changed_at'],
  webhook_endpoints: [
    'modified_at',
    'slot',
    'previous_secret',
    'previous_secret_expires_at',
    // Each encryption of a secret is another text.
    'sealed_secret',
    'sealed_previous_secret',
    'consecutive_failures',
    'leased_by',
    'leased_until',
  ],
  mail_opt_outs: [],
};

/** The tables that the file leaves out. */
const NOT_IN_FILE = [
  '_prisma_migrations',
  'archived_events',
  'audit_events',
  'customer_sessions',
  'idempotency_keys',
  'imported_rows',
  'imported_seats',
  'mails',
  'member_sessions',
  'outbox_events',
  'recent_resends',
  'secret_keys',
  'webhook_deliveries',
];

/** The rows that are in use, without what the file leaves out. */
async function rowsOf({ db }: TestUsher) {
  const found: Record<string, Record<string, unknown>[]> = {};
  for (const [table, columns] of Object.entries(LEFT_OUT)) {
    const isInUse =
      table === 'access_tokens'
        ? 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())'
        : "to_jsonb(t) ->> 'deleted_at' IS NULL";
    const rows = await db.$queryRawUnsafe<{ row: Record<string, unknown> }[]>(
      `SELECT to_jsonb(t) - $1::text[] AS row FROM ${table} AS t WHERE ${isInUse} ORDER BY (to_jsonb(t) - $1::text[])::text`,
      [...columns, 'deleted_at'],
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}

test('an export loads into another database, and its export is the same', async () => {
  const exported = await runProgram(from, 'export', ['--all', first]);
  expect(exported.code, exported.stderr).toBe(0);
  expect(exported.stderr).toMatch(
    /^Exported [\d,]+ rows\nNot in the file: \d+ events? that no worker has handled\. /,
  );
  expect(exported.stderr).toContain(
    '\n1 webhook endpoint also signs with the secret before the last rotation, which is not in the file\n',
  );
  expect(exported.stderr).toMatch(
    /\n1 subscription or order with more live seats than were bought: import the file with --oversell\n$/,
  );
  expect((await stat(first)).mode & 0o777).toBe(0o600);

  const refused = await runProgram(to, 'import', [first]);
  expect(refused.code).toBe(1);
  const imported = await runProgram(to, 'import', ['--oversell', first]);
  expect(imported.code, imported.stderr).toBe(0);
  expect(imported.stdout).not.toMatch(/Revoked|keeps|stays|is passed over/);

  const second = join(folder, 'second.json');
  expect((await runProgram(to, 'export', ['--all', second])).code).toBe(0);
  const text = await readFile(first, 'utf8');
  expect(await readFile(second, 'utf8')).toBe(text);
  expect(await rowsOf(to)).toEqual(await rowsOf(from));

  const rows = await rowsOf(from);
  for (const [table, found] of Object.entries(rows))
    expect([table, found.length > 1]).toEqual([table, true]);
  const stories = rows.customer_seats?.map(row => (row as { status: string }).status);
  expect(new Set(stories)).toEqual(new Set(['pending', 'claimed', 'revoked']));
  expect(
    rows.customers?.some(row => (row as { as_of_by_column: unknown }).as_of_by_column !== null),
  ).toBe(true);
});

test('every table and column is in the file, or known to be left out', async () => {
  const tables = await from.db.$queryRaw<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  expect(tables.map(({ name }) => name).toSorted()).toEqual(
    [...Object.keys(LEFT_OUT), ...NOT_IN_FILE].toSorted(),
  );
  // A column without a value here would be equal in both databases, whatever the export does.
  const unset = Object.entries(await rowsOf(from)).flatMap(([table, rows]) =>
    Object.keys(rows[0] ?? {})
      .filter(column => rows.every(row => row[column] === null))
      .map(column => `${table}.${column}`),
  );
  expect(unset).toEqual([]);
});

test('the file has the secrets that sign', async () => {
  const { organizations } = JSON.parse(await readFile(first, 'utf8'));
  const found = organizations.flatMap(
    (organization: { webhookEndpoints?: object[] }) => organization.webhookEndpoints ?? [],
  );
  expect(found).toContainEqual(
    expect.objectContaining({ url: 'https://hooks.example/a', secret: world.secret }),
  );
});

test('the file has no token in clear, and is as the schema says', async () => {
  const text = await readFile(first, 'utf8');
  for (const token of Object.values(world.one.tokens)) expect(text).not.toContain(token);
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const isValid = ajv.compile(importSchema());
  expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true);
});

test('tokens, invitations and counts work in the other database, with the same key', async () => {
  const { one } = world;
  const pending = await from.db.customerSeat.findFirstOrThrow({
    where: { email: 'Pending@globex.example' },
  });
  const body = { invitation_token: await tokenOf(to, pending.id) };
  expect(body.invitation_token).toBe(await tokenOf(from, pending.id));
  expect((await to.rest('POST', '/v1/customer-seats/claim', { body })).status).toBe(200);
  const imported = { invitation_token: 'an invitation of another system' };
  expect((await to.rest('POST', '/v1/customer-seats/claim', { body: imported })).status).toBe(200);
  await givenSeat(to, one, { email: 'new@globex.example' });
  const twice = await assign(to, one, { email: 'claimed@globex.example' });
  expect(twice.body.error).toBe('SeatAlreadyAssigned');
  const expired = await to.rest('GET', `/v1/customer-seats?order_id=${one.ids.order}`, {
    token: one.tokens.expired,
  });
  expect(expired.status).toBe(401);
  const { findings } = await runDoctor({ DATABASE_URL: to.databaseUrl });
  const counters = findings.find(({ check }) => check === 'counters');
  expect(counters?.message).toBe('1 pool with more live seats than were bought');
});

test('the same file again changes nothing in the database that it came from', async () => {
  const before = await rowsOf(from);
  const again = await runProgram(from, 'import', ['--dry-run', '--oversell', first]);
  expect(again.stdout).toMatch(
    /Dry run: nothing was imported\. 0 rows would be new or changed\.\n$/,
  );
  expect((await runProgram(from, 'import', ['--oversell', first])).code).toBe(0);
  expect(await rowsOf(from)).toEqual(before);
});

test('one organization is exported with its own users', async () => {
  const { code, stdout } = await runProgram(from, 'export', [
    '--all',
    '--organization',
    world.other.slug,
  ]);
  expect(code).toBe(0);
  const { users, organizations } = JSON.parse(stdout);
  expect(organizations).toHaveLength(1);
  expect(users.map((user: { id: string }) => user.id)).toEqual([world.other.ids.user]);
  expect(organizations[0]).toMatchObject({ slug: world.other.slug, status: 'blocked' });
});

test('the members of a deleted customer do not hide those of the next', async () => {
  const { ids, slug } = await to.addFixture();
  const [deleted = '', kept = ''] = [ids.customer, ids.otherCustomer].toSorted();
  const organizationId = ids.organization;
  const where = { organizationId_id: { organizationId, id: deleted } };
  await to.db.customer.update({ where, data: { deletedAt: new Date() } });
  const { stdout } = await runProgram(to, 'export', ['--all', '--organization', slug]);
  const [organization] = JSON.parse(stdout).organizations;
  expect(organization.customers).toMatchObject([{ id: kept }]);
  expect(organization.customers[0].members).toHaveLength(kept === ids.customer ? 3 : 1);
});

test('a file that is too large for the import says so', () => {
  const nothing = { mails: 0, deliveries: 0, events: 0, rotated: 0, oversold: 0 };
  expect(notesOn(nothing, constants.MAX_STRING_LENGTH)).toEqual([]);
  expect(notesOn(nothing, constants.MAX_STRING_LENGTH + 1)).toEqual([
    expect.stringMatching(/^The file is too large for the import/),
  ]);
});

test.each([
  [['--all', '--pool', '9d2b0c9e-33c4-4b0f-9a57-2c1d6f1b7a20', 'x.json'], 'Usage: npm run'],
  [['--all', '--status', 'claimed', 'x.json'], 'Usage: npm run'],
  [['--all', 'x.json', 'y.json'], 'Usage: npm run'],
  [['x.json'], 'Usage: npm run'],
  [['--all', '--organization', 'nobody'], 'No organization nobody.'],
])('refuses %j', async (args, message) => {
  const { code, stderr } = await runProgram(from, 'export', args);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});
