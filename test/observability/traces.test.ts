import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newToken } from '../../src/auth/token.ts';
import type { Fixture } from '../support/fixture.ts';
import { type Program, runProgram } from '../support/program.ts';
import { startReceiver } from '../support/receiver.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { type ReceivedSpan, startCollector, type TestCollector } from './collector.ts';

// The built program, whose spans a collector receives.

let folder: string;
let data: TestUsher;
let fixture: Fixture;
let collector: TestCollector;
let smtp: TestSmtp;
let usher: Program;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-traces-'));
  await chmod(folder, 0o755);
  [data, collector, smtp] = await Promise.all([startUsher(), startCollector(), startSmtp()]);
  fixture = await data.addFixture();
  usher = runProgram('main', [], {
    HOME: folder,
    DATABASE_URL: data.databaseUrl,
    SECRET_KEY: 'a key for tests, thirty-two bytes or more',
    SMTP_URL: smtp.url,
    WEBHOOK_PRIVATE_ADDRESSES: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    SLOW_STATEMENT_MS: '200',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  });
  url = await usher.up();
});
afterAll(async () => {
  await usher.stop('SIGTERM');
  await collector.close();
  await smtp.close();
  await data.close();
  await rm(folder, { recursive: true, force: true });
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

/** Waits for a span. */
async function spanOf(isIt: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
  await expect.poll(() => collector.spans.find(isIt), { timeout: 10_000 }).toBeDefined();
  const span = collector.spans.find(isIt);
  if (span === undefined) throw new Error('no span');
  return span;
}

const childOf = (parent: ReceivedSpan, name: RegExp) =>
  spanOf(span => span.parentSpanId === parent.spanId && name.test(span.name));

async function graphql(query: string, trace: string, token = fixture.tokens.organization) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      traceparent: `00-${trace}-${PARENT}-01`,
    },
    body: JSON.stringify({ query }),
  });
  return { id: response.headers.get('x-request-id'), body: await response.json() };
}

/** Waits for the line of the log with the id of a request. */
async function lineOf(id: string | null, message: string): Promise<Record<string, unknown>> {
  const [line] = await usher.said(new RegExp(`^.*"requestId":"${id}".*"msg":"${message}"}$`, 'm'));
  return JSON.parse(line);
}

test.each(['default', 'fast'])(
  'a GraphQL request on the %s path has spans of its operation and its statements',
  async path => {
    const trace = path === 'fast' ? TRACE : TRACE.replaceAll('0', '1');
    const { id } = await graphql(
      'query Pools { customerSubscription(id: "SUBSCRIPTION") { seats(first: 3) { nodes { id } } } }'.replace(
        'SUBSCRIPTION',
        fixture.ids.subscription,
      ),
      trace,
    );
    const request = await spanOf(span => span.attributes['usher.request_id'] === id);
    expect(request).toMatchObject({
      ...{ traceId: trace, parentSpanId: PARENT, name: 'POST /graphql', kind: 2 },
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
      },
      resource: { 'service.name': 'usher', 'deployment.environment.name': 'test' },
    });
    const operation = await childOf(request, /^graphql\.query$/);
    expect(operation).toMatchObject({
      traceId: trace,
      attributes: { 'graphql.operation.name': 'Pools' },
    });
    const statement = await childOf(operation, /^SELECT$/);
    expect(statement).toMatchObject({
      traceId: trace,
      kind: 3,
      attributes: { 'db.system.name': 'postgresql' },
    });
    expect(statement.attributes['db.query.text']).toMatch(/^(?:SELECT|WITH) .*\$1/);
    expect(await lineOf(id, 'request')).toMatchObject({ traceId: trace });
  },
);

test('a change in REST has its statements, one transaction, and no value of them', async () => {
  const email = 'traced.person@globex.example';
  const response = await fetch(`${url}/v1/customer-seats`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${fixture.tokens.organization}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ subscription_id: fixture.ids.subscription, email }),
  });
  expect(response.status).toBe(200);
  const id = response.headers.get('x-request-id');
  const request = await spanOf(span => span.attributes['usher.request_id'] === id);
  expect(request).toMatchObject({ name: 'POST /v1/customer-seats', parentSpanId: '' });
  const inTrace = () => collector.spans.filter(span => span.traceId === request.traceId);
  await expect.poll(() => inTrace().map(({ name }) => name)).toContain('COMMIT');
  expect(inTrace().map(({ name }) => name)).toContain('BEGIN');
  for (const { parentSpanId, spanId } of inTrace()) {
    if (spanId !== request.spanId) expect(parentSpanId).toBe(request.spanId);
  }
  expect(JSON.stringify(collector.spans)).not.toContain('traced.person');
  expect(JSON.stringify(collector.spans)).not.toContain(fixture.tokens.organization);
});

test('an error has the trace in its line of the log, and marks its span', async () => {
  await data.db.$executeRaw`
    ALTER TABLE customer_seats ADD CONSTRAINT broken CHECK (id IS NULL) NOT VALID`;
  const input = `source: { subscriptionId: "${fixture.ids.subscription}" }, recipient: { email: "kim@globex.example" }`;
  const trace = TRACE.replaceAll('8', '2');
  const { id } = await graphql(
    `mutation { assignSeat(input: { ${input} }) { __typename } }`,
    trace,
  );
  await data.db.$executeRaw`ALTER TABLE customer_seats DROP CONSTRAINT broken`;
  expect(await lineOf(id, 'a resolver failed')).toMatchObject({ traceId: trace });
  const request = await spanOf(span => span.attributes['usher.request_id'] === id);
  expect(request).toMatchObject({ status: 2, attributes: { 'http.response.status_code': 500 } });
  const failed = await spanOf(
    span => span.traceId === trace && span.kind === 3 && span.status === 2,
  );
  expect(failed.attributes['error.type']).toBe('23514');
});

test('a slow statement has the trace of its request in its line of the log', async () => {
  const trace = TRACE.replaceAll('0', '4');
  let answer: Promise<unknown> | undefined;
  await data.db.$transaction(async tx => {
    await tx.$executeRaw`LOCK TABLE customer_seats`;
    answer = graphql(
      `{ customerSubscription(id: "${fixture.ids.subscription}") { seats(first: 2) { nodes { id } } } }`,
      trace,
    );
    // The worker may wait too.
    const slow = () => data.db.$queryRaw`
      SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'usher' AND wait_event_type = 'Lock'
         AND clock_timestamp() - query_start > interval '250 ms'`;
    await expect.poll(slow, { timeout: 10_000 }).toHaveLength(1);
  });
  await answer;
  const lines = () =>
    usher.output.stderr
      .split('\n')
      .filter(line => line.includes('a statement was slow'))
      .map(line => JSON.parse(line));
  await expect
    .poll(lines)
    .toContainEqual(expect.objectContaining({ level: 40, traceId: trace, pool: 'server' }));
});

test('a mail and a webhook have spans, without addresses and paths', async () => {
  const receiver = await startReceiver();
  const target = new URL(receiver.url);
  target.pathname = '/a-secret-path';
  const create = `mutation { createWebhookEndpoint(input: { url: "${target}", events: [CUSTOMER_SEAT_ASSIGNED] }) { __typename } }`;
  const { body } = await graphql(create, TRACE);
  expect(body.data.createWebhookEndpoint.__typename).toBe('CreateWebhookEndpointSuccess');
  const input = `source: { subscriptionId: "${fixture.ids.subscription}" }, recipient: { email: "mailed.person@globex.example" }`;
  await graphql(`mutation { assignSeat(input: { ${input} }) { __typename } }`, TRACE);
  const mail = await spanOf(span => span.name === 'send mail');
  expect(mail).toMatchObject({ kind: 3, status: 0 });
  const webhook = await spanOf(span => span.name === 'POST webhook');
  expect(webhook).toMatchObject({ kind: 3, attributes: { 'server.address': '127.0.0.1' } });
  expect(JSON.stringify(collector.spans)).not.toMatch(/mailed\.person|a-secret-path/);
  await receiver.close();
});

test('a collector that is away neither fails requests nor keeps the program', async () => {
  const away = runProgram('main', [], {
    HOME: folder,
    DATABASE_URL: data.databaseUrl,
    SECRET_KEY: 'a key for tests, thirty-two bytes or more',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    WORKER: 'false',
  });
  const address = await away.up();
  expect((await fetch(`${address}/health/ready`)).status).toBe(200);
  expect(await away.stop('SIGTERM')).toBe(0);
});

test('without the variables nothing of OpenTelemetry is loaded', async () => {
  const off = runProgram('main', [], {
    HOME: folder,
    DATABASE_URL: data.databaseUrl,
    SECRET_KEY: 'a key for tests, thirty-two bytes or more',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SDK_DISABLED: 'true',
    WORKER: 'false',
  });
  const address = await off.up();
  const id = newToken('personal').slice(-20).replaceAll('_', 'x').replaceAll('-', 'x');
  await fetch(`${address}/health/live`, { headers: { 'x-request-id': id } });
  expect(await off.stop('SIGTERM')).toBe(0);
  expect(collector.spans.map(({ attributes }) => attributes['usher.request_id'])).not.toContain(id);
});
