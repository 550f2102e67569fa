import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBacklogCache } from '../../src/observability/backlog.ts';
import { createOperationNames } from '../../src/observability/operation-names.ts';
import type { Fixture } from '../support/fixture.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { seriesOf } from './scraped.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher({ metrics: true, slowStatementMs: 100 });
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

const series = async (name: string) => seriesOf(await usher.scrape(), name);
const count = async (name: string) => (await series(name)) ?? 0;

describe('requests', () => {
  test('are counted by the pattern of their route, never by their path', async () => {
    for (const token of ['one', 'two', 'three']) {
      await usher.rest('GET', `/v1/customer-seats/claim/${token}`);
      await fetch(`${usher.url}/${token}/${token}`);
    }
    const route = 'method="GET",route="/v1/customer-seats/claim/:invitation_token"';
    await expect.poll(() => series(`usher_http_requests_total{${route},status="404"}`)).toBe(3);
    await expect.poll(() => series(`usher_http_request_duration_seconds_count{${route}}`)).toBe(3);
    await expect
      .poll(() => series('usher_http_requests_total{method="GET",route="unmatched",status="404"}'))
      .toBe(3);
    expect(await usher.scrape()).not.toContain('three');
  });

  test('cannot make a series with a method of their own', async () => {
    await fetch(`${usher.url}/nowhere`, { method: 'PROPFIND' });
    await expect
      .poll(() =>
        series('usher_http_requests_total{method="PROPFIND",route="unmatched",status="404"}'),
      )
      .toBe(1);
  });
});

describe('GraphQL operations', () => {
  const operation = (name: string, type = 'query') =>
    `usher_graphql_operation_duration_seconds_count{type="${type}",operation="${name}"}`;

  test('are counted by name for callers with a token alone', async () => {
    const { organization } = fixture.tokens;
    // On both paths.
    for (let time = 0; time < 3; time++)
      await usher.graphql('query Known { viewer { kind } }', {}, organization);
    const others = await count(operation('other'));
    await usher.graphql('query Stranger { viewer { kind } }');
    await usher.graphql('{ viewer { kind } }', {}, organization);
    expect(await series(operation('Known'))).toBe(3);
    expect(await series(operation('Stranger'))).toBeUndefined();
    expect(await count(operation('other'))).toBe(others + 2);
  });

  test('have a hundred names at the most', async () => {
    const { organization } = fixture.tokens;
    for (let number = 0; number < 110; number++) {
      await usher.graphql(`query Many${number} { viewer { kind } }`, {}, organization);
    }
    const names = new Set(
      [...(await usher.scrape()).matchAll(/usher_graphql_operation\S+operation="(\w+)"/g)].map(
        ([, name]) => name,
      ),
    );
    // And `other`.
    expect(names.size).toBe(101);
  });

  test('keep their names: a caller without a token uses those that are known', () => {
    const nameOf = createOperationNames(1);
    const known = {
      kind: 'user',
      userId: '',
      organizationIds: [],
      scopes: [],
      label: null,
    } as const;
    expect(nameOf({ kind: 'anonymous' }, 'A')).toBe('other');
    expect(nameOf(known, 'A'.repeat(101))).toBe('other');
    expect(nameOf(known, 'A')).toBe('A');
    expect(nameOf({ kind: 'anonymous' }, 'A')).toBe('A');
    expect(nameOf(known, 'B')).toBe('other');
    expect(nameOf(known, undefined)).toBe('other');
  });
});

describe('errors', () => {
  const errors = (api: string, code: string) =>
    count(`usher_errors_total{api="${api}",code="${code}"}`);

  test.each([
    [
      'graphql',
      'RESOURCE_NOT_FOUND',
      () =>
        usher.graphql(
          `mutation { revokeSeat(input: { seatId: "x" }) { __typename } }`,
          {},
          fixture.tokens.organization,
        ),
    ],
    ['graphql', 'GRAPHQL_VALIDATION_FAILED', () => usher.graphql('{ nothing }')],
    ['graphql', 'GRAPHQL_PARSE_FAILED', () => usher.graphql('{')],
    ['graphql', 'INVALID_TOKEN', () => usher.graphql('{ viewer { kind } }', {}, 'unknown')],
    [
      'graphql',
      'NOT_PERMITTED',
      () =>
        usher.graphql(
          '{ webhookEndpoints(first: 1) { nodes { id } } }',
          {},
          fixture.tokens.scopeless,
        ),
    ],
    [
      'rest',
      'RESOURCE_NOT_FOUND',
      () =>
        usher.rest('DELETE', `/v1/customer-seats/${fixture.ids.order}`, {
          token: fixture.tokens.organization,
        }),
    ],
    ['rest', '401', () => usher.rest('GET', '/v1/customer-seats')],
  ])('are counted once by api and code: %s %s', async (api, code, ask) => {
    const before = await errors(api, code);
    await ask();
    await expect.poll(() => errors(api, code)).toBe(before + 1);
  });
});

describe('the database', () => {
  test('shows the connections of its pool and its statements', async () => {
    const select = 'usher_database_statement_duration_seconds_count{pool="server",kind="SELECT"}';
    const before = await count(select);
    await usher.db.$queryRaw`SELECT 1 AS one`;
    expect(await count(select)).toBe(before + 1);
    await usher.db.$transaction([usher.db.user.count()]);
    expect(await count(select)).toBe(before + 2);
    const scrape = await usher.scrape();
    expect(seriesOf(scrape, 'usher_database_pool_max_connections{pool="server"}')).toBe(10);
    expect(seriesOf(scrape, 'usher_database_pool_waiting{pool="server"}')).toBe(0);
    expect(seriesOf(scrape, 'usher_database_pool_connections{pool="server"}')).toBeGreaterThan(0);
    expect(seriesOf(scrape, 'usher_database_pool_idle_connections{pool="server"}')).toBeGreaterThan(
      0,
    );
    expect(seriesOf(scrape, 'usher_database_up')).toBe(1);
  });

  test('logs a slow statement with its text and without its values', async () => {
    const slow = 'usher_database_slow_statements_total{pool="server"}';
    const before = await count(slow);
    await usher.db.$queryRaw`SELECT pg_sleep(${0.15}::float8)::text, ${'a secret'}::text`;
    expect(await count(slow)).toBe(before + 1);
    const lines = usher.log.map(line => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 40,
        msg: 'a statement was slow',
        pool: 'server',
        statement: 'SELECT pg_sleep($1::float8)::text, $2::text',
      }),
    );
    expect(usher.log.join('')).not.toContain('a secret');
  });

  test('logs a slow statement that failed, with its SQLSTATE', async () => {
    await usher.db.$executeRaw`
      CREATE FUNCTION fail_slowly() RETURNS text LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_sleep(0.15); RAISE 'sam@globex.example' USING ERRCODE = '22023'; END $$`;
    await expect(usher.db.$queryRaw`SELECT fail_slowly()`).rejects.toThrow();
    const lines = usher.log.map(line => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({ statement: 'SELECT fail_slowly()', error: '22023' }),
    );
    expect(usher.log.join('')).not.toContain('sam@');
  });
});

describe('the backlog', () => {
  /** A server whose first scrape reads what is there now. */
  async function scrapeNow(): Promise<string> {
    const { createObservability } = await import('../../src/observability/observability.ts');
    const { pino } = await import('pino');
    const config = {
      accessLog: false,
      slowStatementMs: 0,
      metrics: { host: '127.0.0.1', port: 0 },
      rateLimits: { perToken: 0, anonymous: 0, wrongTokens: 0, trustedProxies: 0 },
    };
    const observability = createObservability({ config, logger: pino({ enabled: false }) });
    const served = await observability.serve(usher.databaseUrl, async () => undefined);
    try {
      return await (await fetch(`${served.url}/metrics`)).text();
    } finally {
      await served.close();
    }
  }

  test('is of all that waits, by the database’s clock', async () => {
    const organizationId = fixture.ids.organization;
    const empty = await scrapeNow();
    for (const name of ['events_undispatched', 'mails_pending', 'webhook_deliveries_pending']) {
      expect(seriesOf(empty, `usher_${name}`), name).toBe(0);
    }
    for (const name of [
      'events_oldest_undispatched',
      'mails_oldest_due',
      'webhook_deliveries_oldest_due',
    ]) {
      expect(seriesOf(empty, `usher_${name}_seconds`), name).toBe(0);
    }

    const seat = await givenSeat(usher, fixture, { email: 'backlog@globex.example' });
    await usher.db.$executeRaw`
      UPDATE outbox_events SET created_at = clock_timestamp() - interval '5 minutes'
       WHERE organization_id = ${organizationId}::uuid`;
    const event = await usher.db.outboxEvent.findFirstOrThrow({ where: { organizationId } });
    await usher.db.$executeRaw`
      INSERT INTO mails (organization_id, kind, seat_id, invitation_token_hash, created_at, next_attempt_at, attempts, status)
      SELECT ${organizationId}::uuid, kind::mail_kind, ${seat.id}::uuid, convert_to(name, 'UTF8'),
             clock_timestamp() - make_interval(mins => age), clock_timestamp() + make_interval(mins => due), attempts, status::mail_status
        FROM (VALUES
          ('failing', 'invitation', 20, 4, 6, 'pending'),
          ('due now', 'invitation', 1, -1, 0, 'pending'),
          ('reminder that is due', 'reminder', 600, -2, 0, 'pending'),
          ('reminder before its time', 'reminder', 300, 3, 0, 'pending'),
          ('waits for the limit of its address', 'invitation', 30, 3, 0, 'pending'),
          ('sent', 'invitation', 700, -700, 1, 'sent'),
          ('failed', 'invitation', 700, -700, 9, 'failed')
        ) AS mail (name, kind, age, due, attempts, status)`;
    const endpoint = (disabled: boolean, pausedMinutes: number | null) => usher.db.$queryRaw<
      { id: string }[]
    >`
      INSERT INTO webhook_endpoints (id, organization_id, url, secret, events, disabled_at, leased_until)
      VALUES (gen_random_uuid(), ${organizationId}::uuid, 'https://hooks.example', 'whsec_', '{}',
              CASE WHEN ${disabled} THEN clock_timestamp() END,
              clock_timestamp() + make_interval(mins => ${pausedMinutes}::int))
      RETURNING id`;
    const [[busy], [paused]] = await Promise.all([
      endpoint(false, null),
      endpoint(false, 5),
      endpoint(true, null),
    ]);
    const deliver = (endpointId: string | undefined, minutes: number) => usher.db.$executeRaw`
      INSERT INTO webhook_deliveries (organization_id, endpoint_id, event_id, seat_id, sequence, next_attempt_at)
      VALUES (${organizationId}::uuid, ${endpointId}::uuid, ${event.id}::uuid, ${seat.id}::uuid, 1,
              clock_timestamp() - make_interval(mins => ${minutes}::int))`;
    await deliver(busy?.id, 3);
    await deliver(paused?.id, 50);

    const scrape = await scrapeNow();
    const value = (name: string) => seriesOf(scrape, `usher_${name}`) ?? Number.NaN;
    expect(value('events_undispatched')).toBe(1);
    expect(value('events_oldest_undispatched_seconds') / 60).toBeCloseTo(5, 0);
    expect(value('mails_pending')).toBe(3);
    expect(value('mails_oldest_due_seconds') / 60).toBeCloseTo(20, 0);
    expect(value('webhook_deliveries_pending')).toBe(2);
    expect(value('webhook_deliveries_oldest_due_seconds') / 60).toBeCloseTo(3, 0);
    expect(value('webhook_endpoints_disabled')).toBe(1);

    // Of a reminder that failed, the time is what its invitation and its organization say.
    await usher.db.$executeRaw`DELETE FROM mails WHERE kind = 'invitation'`;
    await usher.db.$executeRaw`
      UPDATE mails SET attempts = 3, next_attempt_at = clock_timestamp() + interval '4 minutes' WHERE created_at < clock_timestamp() - interval '9 hours'`;
    await usher.db.$executeRaw`
      UPDATE customer_seats SET invitation_token_expires_at = clock_timestamp() + interval '1 hour' WHERE id = ${seat.id}::uuid`;
    await usher.db.$executeRaw`
      UPDATE organizations SET reminder_hours = 3 WHERE id = ${organizationId}::uuid`;
    const later = await scrapeNow();
    expect(seriesOf(later, 'usher_mails_pending')).toBe(1);
    expect((seriesOf(later, 'usher_mails_oldest_due_seconds') ?? 0) / 60).toBeCloseTo(120, 0);
  });

  test('is found by the indexes, however much is finished', async () => {
    const { READ_BACKLOG } = await import('../../src/observability/backlog.ts');
    const plan = await usher.db.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(
      `EXPLAIN ${READ_BACKLOG.text}`,
    );
    const text = plan.map(row => row['QUERY PLAN']).join('\n');
    for (const index of [
      'outbox_events_undispatched_idx',
      'mails_due_idx',
      'webhook_deliveries_due_idx',
    ]) {
      expect(text).toContain(index);
    }
    expect(text).not.toMatch(/Seq Scan on (?:outbox_events|mails|webhook_deliveries)/);
  });

  const NOTHING = {
    ...{ events: 0, oldestEventSeconds: 0, mails: 0, oldestMailSeconds: 0, deliveries: 0 },
    ...{ oldestDeliverySeconds: 0, disabledEndpoints: 0 },
  };

  test('is read once in a while, however often it is asked for', async () => {
    let reads = 0;
    const read = createBacklogCache(async () => {
      reads += 1;
      return { ...NOTHING, events: reads };
    });
    expect(await Promise.all([read(), read(), read()])).toMatchObject([
      { events: 1 },
      { events: 1 },
      { events: 1 },
    ]);
    const always = createBacklogCache(async () => ({ ...NOTHING, events: ++reads }), { keepMs: 0 });
    expect([await always(), await always()]).toMatchObject([{ events: 2 }, { events: 3 }]);
  });

  test('is not waited for when the database does not answer, and not asked for twice', async () => {
    let reads = 0;
    const read = createBacklogCache(
      () => {
        reads += 1;
        return new Promise(() => undefined);
      },
      { keepMs: 0, patienceMs: 10 },
    );
    expect([await read(), await read(), reads]).toEqual([undefined, undefined, 1]);
  });
});

test('a database that is away fails no scrape: usher_database_up says so, and what it cannot tell is missing', async () => {
  const { createObservability } = await import('../../src/observability/observability.ts');
  const { pino } = await import('pino');
  const config = {
    accessLog: false,
    slowStatementMs: 0,
    metrics: { host: '127.0.0.1', port: 0 },
    rateLimits: { perToken: 0, anonymous: 0, wrongTokens: 0, trustedProxies: 0 },
  };
  const observability = createObservability({ config, logger: pino({ enabled: false }) });
  const served = await observability.serve('postgresql://nobody@127.0.0.1:1/nowhere', async () => {
    throw new Error('not ready');
  });
  const answer = await fetch(`${served.url}/metrics`);
  const text = await answer.text();
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  expect(seriesOf(text, 'usher_database_up')).toBe(0);
  expect(seriesOf(text, 'usher_mails_pending')).toBeUndefined();
  const statuses = await Promise.all(
    ['/health/live', '/health/ready', '/graphql'].map(
      async path => (await fetch(served.url + path)).status,
    ),
  );
  expect(statuses).toEqual([200, 503, 404]);
  await served.close();
});
