import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPrograms } from '../support/debian-programs.ts';
import type { Fixture } from '../support/fixture.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { givenSeat } from '../support/seats.ts';
import { startSmtp } from '../support/smtp.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';
import { execute, runDoctor } from './run-doctor.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
  await givenSeat(usher, fixture, { email: 'a@globex.example' });
  await givenSeat(usher, fixture, { email: 'b@globex.example', order_id: fixture.ids.order });
});
afterAll(() => usher.close());

/** What the doctor says of one check, and its exit code. */
async function look(check: string, env: Record<string, string> = {}, args: string[] = []) {
  const { code, findings } = await runDoctor({ DATABASE_URL: usher.databaseUrl, ...env }, [
    '--json',
    ...args,
  ]);
  return { code, found: findings.filter(finding => finding.check === check) };
}

const run = (sql: string) => execute(usher.databaseUrl, sql);

/** The name of the database, for statements that change its settings. */
const name = () => new URL(usher.databaseUrl).pathname.slice(1);

interface Break {
  check: string;
  status?: 'ok' | 'warning' | 'problem';
  message: RegExp;
  action?: RegExp;
  /** Makes it wrong. */
  sql?: () => string;
  /** Makes it right again. */
  undo?: () => string;
  env?: Record<string, string>;
}

const BREAKS: Record<string, Break> = {
  'a read-only database': {
    check: 'database',
    message: /^it is read-only/,
    sql: () => `ALTER DATABASE ${name()} SET default_transaction_read_only = on`,
    undo: () => `ALTER DATABASE ${name()} RESET default_transaction_read_only`,
  },
  'another schema': {
    check: 'database',
    message: /begins with the schema other/,
    sql: () => `CREATE SCHEMA other; ALTER DATABASE ${name()} SET search_path = other, public`,
    undo: () => `DROP SCHEMA other; ALTER DATABASE ${name()} RESET search_path`,
  },
  'triggers that are off': {
    check: 'session',
    message: /^session_replication_role is replica/,
    sql: () => `ALTER DATABASE ${name()} SET session_replication_role = replica`,
    undo: () => `ALTER DATABASE ${name()} RESET session_replication_role`,
  },
  'pools that are oversold by default': {
    check: 'session',
    message: /^usher.oversell is on/,
    sql: () => `ALTER DATABASE ${name()} SET usher.oversell = 'on'`,
    undo: () => `ALTER DATABASE ${name()} RESET usher.oversell`,
  },
  'a missing extension': {
    check: 'extensions',
    message: /^pg_trgm missing$/,
    sql: () => "UPDATE pg_extension SET extname = 'gone' WHERE extname = 'pg_trgm'",
    undo: () => "UPDATE pg_extension SET extname = 'pg_trgm' WHERE extname = 'gone'",
  },
  'too few connections': {
    check: 'connections',
    message: /uses up to 17 connections, and the database allows 15$/,
    sql: () => `ALTER DATABASE ${name()} CONNECTION LIMIT 15`,
    undo: () => `ALTER DATABASE ${name()} CONNECTION LIMIT -1`,
  },
  'more processes than connections': {
    check: 'connections',
    message: /uses up to 365 connections/,
    env: { PROCESSES: '30' },
  },
  'a changed migration': {
    check: 'migrations',
    message: /was changed after it was applied/,
    sql: () =>
      "UPDATE _prisma_migrations SET checksum = 'x' || substr(checksum, 2) WHERE migration_name LIKE '%000000_seats'",
    undo: () =>
      "UPDATE _prisma_migrations SET checksum = '" +
      seatsChecksum +
      "' WHERE migration_name LIKE '%000000_seats'",
  },
  'a later migration that removed what this program uses': {
    check: 'migrations',
    message: /newer than this program/,
    sql: () =>
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('n', 'n', '29991231000000_contract_29990101000000_old', now())",
    undo: () => "DELETE FROM _prisma_migrations WHERE id = 'n'",
  },
  'a failed migration': {
    check: 'migrations',
    message: /failed earlier/,
    sql: () =>
      "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('n', 'n', '29991231000000_next')",
    undo: () => "DELETE FROM _prisma_migrations WHERE id = 'n'",
  },
  'a wrong count of live seats': {
    check: 'counters',
    message:
      /^1 pool of subscriptions with a wrong count of seats: \S+ \(3 used and 0 revoked, and has 1 and 0\)$/,
    sql: () => 'UPDATE subscriptions SET seats_used = 3',
    undo: () => 'UPDATE subscriptions SET seats_used = 1',
  },
  'a wrong count of revoked seats': {
    check: 'counters',
    message: /^1 pool of orders with a wrong count/,
    sql: () => 'UPDATE orders SET seats_revoked = 2',
    undo: () => 'UPDATE orders SET seats_revoked = 0',
  },
  'an oversold pool': {
    check: 'counters',
    status: 'warning',
    message: /^1 pool with more live seats than were bought$/,
    sql: () => "SET usher.oversell = 'on'; UPDATE subscriptions SET seats = 0",
    undo: () => 'UPDATE subscriptions SET seats = 5',
  },
  'the key of another database': {
    check: 'secret key',
    message: /^SECRET_KEY is not the key of this database/,
    sql: () => "INSERT INTO secret_keys VALUES ('another', now())",
    undo: () => 'DELETE FROM secret_keys',
  },
  'invitations of a key that is not set': {
    check: 'secret key',
    status: 'warning',
    message: /^2 open invitations made with a key that is not set/,
    env: { SECRET_KEY: 'n'.repeat(40) },
  },
  'webhook secrets that no key opens': {
    check: 'secret key',
    message: /^the secrets of 1 webhook endpoint were encrypted with another key/,
    sql: () =>
      `INSERT INTO webhook_endpoints (organization_id, id, url, sealed_secret, events)
       SELECT id, gen_random_uuid(), 'https://sealed.example/', 'v1:unknown-:x', '{}' FROM organizations LIMIT 1`,
    undo: () => "DELETE FROM webhook_endpoints WHERE url = 'https://sealed.example/'",
  },
  'a webhook secret that is not encrypted': {
    check: 'secret key',
    status: 'warning',
    message: /^the secret of 1 webhook endpoint is not encrypted$/,
    sql: () =>
      `INSERT INTO webhook_endpoints (organization_id, id, url, secret, events)
       SELECT id, gen_random_uuid(), 'https://plain.example/', 'whsec_x', '{}' FROM organizations LIMIT 1`,
    undo: () => "DELETE FROM webhook_endpoints WHERE url = 'https://plain.example/'",
  },
  'a previous key that is no longer needed': {
    check: 'secret key',
    status: 'warning',
    message: /^SECRET_KEY_PREVIOUS is not needed/,
    env: { SECRET_KEY_PREVIOUS: 'n'.repeat(40) },
  },
  'events that nobody hands on': {
    check: 'events',
    message: /^2 events not handed on, the oldest for 2 hours$/,
    sql: () => "UPDATE outbox_events SET created_at = now() - interval '2 hours'",
    undo: () => 'UPDATE outbox_events SET created_at = now()',
  },
  'events of a server with more transactions': {
    check: 'event order',
    status: 'warning',
    message: /^events were restored from another server/,
    sql: () => "UPDATE outbox_events SET transaction_id = '99999999999'",
    undo: () => "UPDATE outbox_events SET transaction_id = '1'",
  },
  'deliveries that nobody attempts': {
    check: 'webhooks',
    message: /^1 delivery due, the oldest for 1 hour$/,
    sql: () => `${ENDPOINT};
      INSERT INTO webhook_deliveries (organization_id, endpoint_id, event_id, seat_id, sequence, next_attempt_at)
      SELECT e.organization_id, w.id, e.id, e.seat_id, e.sequence, now() - interval '1 hour'
        FROM outbox_events e, webhook_endpoints w LIMIT 1`,
    undo: () => 'DELETE FROM webhook_endpoints',
  },
  'deliveries that fail': {
    check: 'webhooks',
    status: 'ok',
    message: /^1 delivery waiting for another attempt$/,
    sql: () => `${ENDPOINT};
      INSERT INTO webhook_deliveries (organization_id, endpoint_id, event_id, seat_id, sequence, attempts, next_attempt_at)
      SELECT e.organization_id, w.id, e.id, e.seat_id, e.sequence, 3, now() + interval '10 minutes'
        FROM outbox_events e, webhook_endpoints w LIMIT 1`,
    undo: () => 'DELETE FROM webhook_endpoints',
  },
  'a disabled endpoint': {
    check: 'webhooks',
    status: 'warning',
    message: /^1 endpoint disabled \(hooks.example:8443\)$/,
    sql: () => `${ENDPOINT}; UPDATE webhook_endpoints SET disabled_at = now()`,
    undo: () => 'DELETE FROM webhook_endpoints',
  },
  'mails without a mail server': {
    check: 'mails',
    message: /^1 mail waiting, since SMTP_URL is not set$/,
    sql: () => mail("'pending'"),
    undo: () => 'DELETE FROM mails',
  },
  'mails that nobody sends': {
    check: 'mails',
    message: /^1 mail waiting, the oldest for 3 hours$/,
    sql: () => mail("'pending'"),
    undo: () => 'DELETE FROM mails',
    env: { SMTP_URL: 'smtp://127.0.0.1:9' },
  },
  'mails that the mail server refuses': {
    check: 'mails',
    message: /^1 mail waiting, the oldest for 3 hours$/,
    action: /^Correct SMTP_URL, or mend the mail server: 451 try later$/,
    sql: () =>
      `${mail("'pending'")}; UPDATE mails SET attempts = 8, error = '451 try later', next_attempt_at = now() + interval '4 minutes'`,
    undo: () => 'DELETE FROM mails',
    env: { SMTP_URL: 'smtp://127.0.0.1:9' },
  },
  'an invitation that cannot be delivered': {
    check: 'mails',
    status: 'warning',
    message: /^1 pending seat whose invitation could not be delivered$/,
    sql: () => mail("'failed'"),
    undo: () => 'DELETE FROM mails',
  },
  'old events': {
    check: 'retention',
    message: /: 2 events$/,
    sql: () =>
      "UPDATE outbox_events SET created_at = now() - interval '92 days', dispatched_at = now()",
    undo: () => 'UPDATE outbox_events SET created_at = now(), dispatched_at = NULL',
  },
  'old sessions': {
    check: 'retention',
    message: /: 2 customer sessions$/,
    sql: () => "UPDATE customer_sessions SET expires_at = expires_at - interval '25 hours'",
    undo: () => "UPDATE customer_sessions SET expires_at = expires_at + interval '25 hours'",
  },
  'old mails, tokens and keys': {
    check: 'retention',
    message: /: 1 idempotency key, 1 mail, 1 access token$/,
    sql: () => `${mail("'sent'")}; UPDATE mails SET created_at = now() - interval '9 days';
      UPDATE access_tokens SET expires_at = now() - interval '9 days' WHERE expires_at IS NOT NULL;
      INSERT INTO idempotency_keys VALUES (gen_random_uuid(), gen_random_uuid(), 'x', 'x', now() - interval '49 hours', '', '{}')`,
    undo: () =>
      'DELETE FROM mails; DELETE FROM idempotency_keys; UPDATE access_tokens SET expires_at = now() WHERE expires_at IS NOT NULL',
    env: { RETENTION_DAYS: '7' },
  },
  'old entries, archived events and removed members': {
    check: 'retention',
    message: /: 1 archived event, 1 audit event, 1 removed member$/,
    sql: () => `
      INSERT INTO archived_events (organization_id, id, sequence, created_at, type, seat_id, payload, deliveries, archived_at, actor_kind, actor_channel)
      SELECT organization_id, id, sequence, created_at, type, seat_id, payload, '[]', now() - interval '9 days', actor_kind, actor_channel FROM outbox_events LIMIT 1;
      INSERT INTO audit_events (organization_id, created_at, type, subject_id, actor_kind, actor_channel)
      SELECT id, now() - interval '9 days', 'settings_updated', id, 'system', 'command' FROM organizations LIMIT 1;
      INSERT INTO members (organization_id, id, customer_id, email, deleted_at)
      SELECT organization_id, gen_random_uuid(), id, 'removed@globex.example', now() - interval '9 days' FROM customers LIMIT 1`,
    undo: () =>
      "DELETE FROM archived_events; DELETE FROM audit_events WHERE type = 'settings_updated'; DELETE FROM members WHERE email = 'removed@globex.example'",
    env: { ARCHIVE_RETENTION_DAYS: '7', AUDIT_RETENTION_DAYS: '7', DELETED_RETENTION_DAYS: '7' },
  },
  'a clock that is ahead': {
    check: 'clock',
    status: 'warning',
    message: /^the clock of this machine is 7200 seconds ahead of the database's/,
    env: {
      NODE_OPTIONS: `--require ${fileURLToPath(new URL('../support/two-hours-ahead.cjs', import.meta.url))}`,
    },
  },
  'no public address': {
    check: 'configuration',
    status: 'warning',
    message: /^PUBLIC_URL is not set/,
    env: { PUBLIC_URL: '' },
  },
  'wrong variables': {
    check: 'configuration',
    message: /^PORT must be a number, 0 to 65535$/,
    env: { PORT: 'x' },
  },
  'a database that is not there': {
    check: 'database',
    message: /^cannot connect to 127.0.0.1:9\/x: connect ECONNREFUSED/,
    env: { DATABASE_URL: 'postgresql://u:secret-password@127.0.0.1:9/x' },
  },
  'a mail server that is not there': {
    check: 'mail server',
    message: /^127.0.0.1: The mail server could not be reached/,
    env: { SMTP_URL: 'smtp://127.0.0.1:9' },
  },
};

let seatsChecksum = '';
beforeAll(async () => {
  const [row] = await usher.db.$queryRaw<{ checksum: string }[]>`
    SELECT checksum FROM _prisma_migrations WHERE migration_name LIKE '%000000_seats'`;
  seatsChecksum = row?.checksum ?? '';
});

const ENDPOINT = `INSERT INTO webhook_endpoints (organization_id, id, url, secret, events)
  SELECT id, gen_random_uuid(), 'https://user:secret@hooks.example:8443/x', 'whsec_x', '{customer_seat.assigned}' FROM organizations`;

const mail = (status: string) => `
  INSERT INTO mails (organization_id, kind, seat_id, invitation_token_hash, status, created_at, next_attempt_at)
  SELECT organization_id, 'invitation', id, invitation_token_hash, ${status}, now() - interval '3 hours', now() - interval '3 hours'
    FROM customer_seats WHERE status = 'pending' LIMIT 1`;

test.each(Object.entries(BREAKS))('%s', async (_name, { check, status = 'problem', ...each }) => {
  if (each.sql) await run(each.sql());
  try {
    const { code, found } = await look(check, each.env);
    expect(found).toContainEqual(
      expect.objectContaining({
        status,
        message: expect.stringMatching(each.message),
        ...(each.action && { action: expect.stringMatching(each.action) }),
      }),
    );
    if (status === 'problem') expect(code).toBe(1);
    expect(JSON.stringify(found)).not.toMatch(/secret-password|user:secret/);
    expect(found.every(({ action }) => action !== undefined)).toBe(
      found.every(finding => finding.status !== 'ok'),
    );
  } finally {
    if (each.undo) await run(each.undo());
  }
  const { found } = await look(check);
  const accepted = check === 'mail server' ? ['ok', 'warning'] : ['ok'];
  expect(found.every(finding => accepted.includes(finding.status))).toBe(true);
});

test('the SQL that it gives for counts mends them', async () => {
  await run('UPDATE subscriptions SET seats_used = 3; UPDATE orders SET seats_revoked = 2');
  const { found } = await look('counters');
  expect(found).toHaveLength(2);
  await run(found.flatMap(({ sql = [] }) => sql).join('\n'));
  expect((await look('counters')).found).toEqual([expect.objectContaining({ status: 'ok' })]);
});

test('assignments under way are no wrong count', async () => {
  const many = await usher.addFixture({ seats: 1_000 });
  let isDone = false;
  const load = Array.from({ length: 8 }, async (_, lane) => {
    for (let i = 0; !isDone && i < 120; i += 1) {
      await givenSeat(usher, many, { email: `p-${lane}-${i}@globex.example` });
    }
  });
  const findings = [];
  for (let round = 0; round < 4; round += 1) {
    findings.push(...(await look('counters')).found);
  }
  isDone = true;
  await Promise.all(load);
  expect(findings).toHaveLength(4);
  expect(findings.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
  const { seatsUsed } = await usher.db.subscription.findFirstOrThrow({
    where: { id: many.ids.subscription },
  });
  expect(seatsUsed).toBeGreaterThan(8);
});

test('SECRET_KEY_PREVIOUS is needed as long as an open invitation was made with it', async () => {
  const env = { SECRET_KEY: 'n'.repeat(40), SECRET_KEY_PREVIOUS: SECRET_KEY };
  const { found } = await look('secret key', env);
  expect(found).toEqual([
    {
      check: 'secret key',
      status: 'ok',
      message: expect.stringMatching(/is needed for [\d,]+ open/),
    },
  ]);
});

describe('the role', () => {
  const password = randomBytes(12).toString('hex');
  const role = 'doctor_app';
  const url = () => {
    const own = new URL(usher.databaseUrl);
    own.username = role;
    own.password = password;
    return own.href;
  };
  beforeAll(() =>
    run(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'; GRANT USAGE ON SCHEMA public TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`),
  );
  afterAll(() => run(`DROP OWNED BY ${role}; DROP ROLE ${role}`));

  test('needs to own the tables unless MIGRATE is false', async () => {
    const { found } = await look('privileges', { DATABASE_URL: url() });
    expect(found).toEqual([
      expect.objectContaining({
        status: 'warning',
        message: expect.stringContaining('does not own'),
      }),
    ]);
    const { code, found: fine } = await look('privileges', {
      DATABASE_URL: url(),
      MIGRATE: 'false',
    });
    expect([code, fine[0]?.status]).toEqual([0, 'ok']);
  });

  test('needs its privileges, which the SQL grants', async () => {
    await run(`REVOKE UPDATE, DELETE ON mails FROM ${role};
      REVOKE USAGE ON SEQUENCE outbox_events_sequence_seq FROM ${role}`);
    const env = { DATABASE_URL: url(), MIGRATE: 'false' };
    const { code, found } = await look('privileges', env);
    expect([code, found[0]?.message]).toEqual([
      1,
      `the role ${role} lacks privileges on mails, outbox_events_sequence_seq`,
    ]);
    await run(found[0]?.sql?.join('\n') ?? '');
    expect((await look('privileges', env)).found[0]?.status).toBe('ok');
  });

  test.each([
    ['role', () => role],
    ['database', name],
  ])('has no free connection when that of the %s is used up', async (kind, named) => {
    const limit = `ALTER ${kind} ${named()} CONNECTION LIMIT`;
    await run(`${limit} 0`);
    const env = { DATABASE_URL: url(), MIGRATE: 'false' };
    try {
      const { code, found } = await look('database', env);
      expect([code, found]).toEqual([
        1,
        [
          expect.objectContaining({
            message: expect.stringMatching(`too many connections for ${kind}`),
            action: expect.stringMatching(
              `^The ${kind} has no free connection: raise its limit \\(.ALTER ${kind.toUpperCase()} … CONNECTION LIMIT ….\\), end`,
            ),
          }),
        ],
      ]);
    } finally {
      await run(`${limit} -1`);
    }
    expect((await look('database', env)).found[0]?.status).toBe('ok');
  });

  test('without SELECT, a check that fails is a problem, and the others go on', async () => {
    await run(`REVOKE SELECT ON secret_keys FROM ${role}`);
    const env = { DATABASE_URL: url(), MIGRATE: 'false' };
    const { found } = await look('secret key', env);
    expect(found[0]).toMatchObject({
      status: 'problem',
      message: 'this check failed: permission denied for table secret_keys',
    });
    expect((await look('retention', env)).found[0]?.status).toBe('ok');
    await run(`GRANT SELECT ON secret_keys TO ${role}`);
  });
});

test('a time limit of the database does not end a check', async () => {
  await run(`ALTER DATABASE ${name()} SET idle_in_transaction_session_timeout = '1ms'`);
  const { findings } = await runDoctor({ DATABASE_URL: usher.databaseUrl });
  await run(`ALTER DATABASE ${name()} RESET idle_in_transaction_session_timeout`);
  expect(findings.filter(({ message }) => message.startsWith('this check failed'))).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'schema', status: 'ok' }));
});

describe.runIf(hasPrograms('pgbouncer'))('behind PgBouncer', () => {
  const settings = ['ignore_startup_parameters = extra_float_digits'];
  const behind = async (
    mode: 'session' | 'transaction',
    work: (through: string) => Promise<void>,
  ) => {
    const pooler = await startPgBouncer(usher.databaseUrl, {
      program: 'pgbouncer',
      mode,
      settings,
    });
    try {
      await work(pooler.through(usher.databaseUrl));
    } finally {
      await pooler.stop();
    }
  };
  const expectPooler = async (env: Record<string, string>, status: string, message: RegExp) => {
    const { found } = await look('pooler', env);
    expect(found).toEqual([
      expect.objectContaining({ status, message: expect.stringMatching(message) }),
    ]);
  };

  test('in transaction mode, DIRECT_DATABASE_URL has to lead past it, to the same database', () =>
    behind('transaction', async through => {
      await expectPooler({ DATABASE_URL: through }, 'warning', /^one in transaction mode/);
      const direct = (url: string) => ({ DATABASE_URL: through, DIRECT_DATABASE_URL: url });
      await expectPooler(direct(usher.databaseUrl), 'ok', /leads to the same database$/);
      await expectPooler(direct(through), 'problem', /leads to a pooler in transaction mode too$/);
      const other = new URL(usher.databaseUrl);
      other.pathname = '/postgres';
      await expectPooler(direct(other.href), 'problem', /lead to different databases$/);
    }));

  test('in session mode, nothing is needed', () =>
    behind('session', through =>
      expectPooler({ DATABASE_URL: through }, 'ok', /^one in session mode$/),
    ));

  test('all other checks work through it', () =>
    behind('transaction', async through => {
      const { findings } = await runDoctor({ DATABASE_URL: through });
      expect(findings.filter(({ status }) => status === 'problem')).toEqual([]);
    }));
});

describe('the mail server', () => {
  const login = { user: 'usher', password: 'right' };

  test('is asked without a mail', async () => {
    const smtp = await startSmtp({ login });
    try {
      const { found } = await look('mail server', { SMTP_URL: smtp.url });
      expect(found[0]).toMatchObject({
        status: 'warning',
        message: expect.stringContaining('answers, without TLS'),
      });
      expect(smtp.offered).toEqual([]);
    } finally {
      await smtp.close();
    }
  });

  test.each([
    ['a wrong login', (url: string) => url.replace('right', 'wrong'), /refused the login \(535\)/],
    [
      'no TLS where it is required',
      (url: string) => `${url}?requireTLS=true`,
      /answered: 500 Error: command not recognized$/,
    ],
  ])('%s is a problem', async (_name, change, message) => {
    const smtp = await startSmtp({ login });
    try {
      const { code, found } = await look('mail server', { SMTP_URL: change(smtp.url) });
      expect([code, found[0]?.status]).toEqual([1, 'problem']);
      expect(found[0]?.message).toMatch(message);
      expect(JSON.stringify(found)).not.toContain('wrong');
    } finally {
      await smtp.close();
    }
  });
});

test('--online asks the public address', async () => {
  const own = await look('public address', { PUBLIC_URL: usher.url }, ['--online']);
  expect(own.found[0]).toMatchObject({ status: 'ok', message: `${usher.url} answers` });
  const other = createServer((_request, response) => void response.end('hello'));
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const env = { PUBLIC_URL: `http://127.0.0.1:${port}` };
  const stranger = await look('public address', env, ['--online']);
  expect([stranger.code, stranger.found[0]?.message]).toEqual([
    1,
    `${env.PUBLIC_URL} answers 200, and not as usher does`,
  ]);
  await new Promise(resolve => other.close(resolve));
  const gone = await look('public address', env, ['--online']);
  expect([gone.code, gone.found[0]?.message]).toEqual([
    1,
    expect.stringMatching(/cannot be reached: connect ECONNREFUSED/),
  ]);
});
