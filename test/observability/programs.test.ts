import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { freePort } from '../support/free-port.ts';
import { type Program, type ProgramName, runProgram } from '../support/program.ts';
import { startSmtp } from '../support/smtp.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { seriesOf } from './scraped.ts';

// The built programs, as they are monitored.

let folder: string;
let data: TestUsher;
let fixture: Fixture;
const running: Program[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-monitored-'));
  await chmod(folder, 0o755);
  data = await startUsher();
  fixture = await data.addFixture();
});
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop('SIGTERM');
});
afterAll(async () => {
  await data.close();
  await rm(folder, { recursive: true, force: true });
});

function run(name: ProgramName, env: Record<string, string> = {}): Program {
  const program = runProgram(name, [], {
    HOME: folder,
    DATABASE_URL: data.databaseUrl,
    SECRET_KEY: 'a key for tests, thirty-two bytes or more',
    METRICS_PORT: '0',
    ...env,
  });
  running.push(program);
  return program;
}

/** The address of the metrics, which the log tells. */
async function metricsOf(program: Program): Promise<string> {
  const [, url = ''] = await program.said(/"url":"([^"]+\/metrics)"/);
  return url;
}

const scrape = async (url: string) => await (await fetch(url)).text();
const valueAt = async (url: string, series: string) => seriesOf(await scrape(url), series);

async function assign(url: string, email: string): Promise<void> {
  const response = await fetch(`${url}/v1/customer-seats`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${fixture.tokens.organization}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ subscription_id: fixture.ids.subscription, email }),
  });
  expect(response.status).toBe(200);
}

/** Longer than the backlog is kept. */
const KEPT = { timeout: 30_000, interval: 500 };

test('mails wait longer and longer while the mail server is away, however often they are attempted', async () => {
  const port = await freePort();
  const usher = run('main', { SMTP_URL: `smtp://127.0.0.1:${port}`, RETRY_DELAY_MS: '50' });
  const [url, metrics] = [await usher.up(), await metricsOf(usher)];
  await assign(url, 'waiting@globex.example');
  const age = async () => (await valueAt(metrics, 'usher_mails_oldest_due_seconds')) ?? 0;
  const failed = async () =>
    (await valueAt(metrics, 'usher_mail_attempts_total{outcome="failed"}')) ?? 0;
  await expect.poll(failed, KEPT).toBeGreaterThan(1);
  await expect.poll(age, KEPT).toBeGreaterThan(1);
  expect(await valueAt(metrics, 'usher_mails_pending')).toBe(1);
  const before = await age();
  await expect.poll(age, KEPT).toBeGreaterThan(before + 5);

  const smtp = await startSmtp({ port });
  await expect.poll(() => smtp.taken.length, KEPT).toBe(1);
  await expect.poll(age, KEPT).toBe(0);
  expect(await valueAt(metrics, 'usher_mail_attempts_total{outcome="accepted"}')).toBe(1);
  await smtp.close();
}, 120_000);

test('a worker has metrics and health checks too, until it is asked to stop', async () => {
  const worker = run('worker');
  const metrics = await metricsOf(worker);
  const health = async (name: string) => (await fetch(new URL(`/health/${name}`, metrics))).status;
  expect([await health('live'), await health('ready')]).toEqual([200, 200]);
  await worker.said(/"msg":"running"/);
  expect(await valueAt(metrics, 'usher_database_pool_max_connections{pool="worker"}')).toBe(5);
  expect(await valueAt(metrics, 'usher_database_up')).toBe(1);
  const names = await data.db.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'usher %' ORDER BY 1`;
  expect(names.map(({ name }) => name)).toEqual([
    'usher metrics',
    'usher readiness',
    'usher worker',
  ]);
  expect(await worker.stop('SIGTERM')).toBe(0);
});

test('several processes have one address for the metrics of all, with a series for each', async () => {
  const usher = run('main', { PROCESSES: '2', WORKER: 'false' });
  const [url, metrics] = [await usher.up(), await metricsOf(usher)];
  expect((await fetch(new URL('/health/ready', metrics))).status).toBe(200);
  const asked = 40;
  // Each on a connection of its own, which the parent hands out in turn.
  for (let time = 0; time < asked; time++) {
    await fetch(`${url}/nowhere`, { headers: { connection: 'close' } });
  }
  const requests = (process: number) =>
    `usher_http_requests_total{method="GET",route="unmatched",status="404",process="${process}"}`;
  const counts = async () => {
    const text = await scrape(metrics);
    return [seriesOf(text, requests(0)) ?? 0, seriesOf(text, requests(1)) ?? 0];
  };
  await expect.poll(async () => (await counts()).reduce((sum, count) => sum + count)).toBe(asked);
  const [first = 0, second = 0] = await counts();
  expect(Math.min(first, second)).toBeGreaterThan(0);
  const text = await scrape(metrics);
  for (const process of [0, 1]) {
    const pool = `usher_database_pool_max_connections{pool="server",process="${process}"}`;
    expect(seriesOf(text, pool)).toBe(10);
    expect(text).toMatch(new RegExp(`^process_cpu_seconds_total{process="${process}"} `, 'm'));
  }
  // The backlog is of all.
  expect(seriesOf(text, 'usher_database_up')).toBe(1);
  expect(seriesOf(text, 'usher_mails_pending')).toBeDefined();

  // The counters of a process that is replaced begin again, and those of the other one do not.
  const [, pid] = await usher.said(/"pid":(\d+),[^\n]*"route":"unmatched"/);
  process.kill(Number(pid), 'SIGKILL');
  const isReplaced = async () => {
    const [a, b] = await counts();
    return (a === first && b === 0) || (a === 0 && b === second);
  };
  await expect.poll(isReplaced, KEPT).toBe(true);
  await usher.said(/a process ended; another begins/);
  const builds = async () => (await scrape(metrics)).match(/^usher_build_info\{/gm)?.length;
  await expect.poll(builds, KEPT).toBe(2);
  expect(await usher.stop('SIGTERM')).toBe(0);
});

test('METRICS_PORT that is taken is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  const usher = run('main', { METRICS_PORT: port });
  expect(await usher.ended()).toBe(1);
  expect(usher.output.stderr).toMatch(
    new RegExp(`usher: METRICS_PORT ${port} on METRICS_HOST 127.0.0.1 cannot`),
  );
  other.close();
});

describe('the log', () => {
  test('is JSON, and the only output, where no person reads it', async () => {
    const usher = run('main');
    const url = await usher.up();
    await fetch(`${url}/nowhere`);
    await usher.said(/"msg":"request"/);
    expect(await usher.stop('SIGTERM')).toBe(0);
    expect(usher.output.stdout).toBe('');
    const lines = usher.output.stderr.trim().split('\n');
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg');
    expect(lines.at(-1)).toContain('"msg":"stopped"');
  });

  test('is text on request, with a greeting', async () => {
    const usher = run('main', { LOG_FORMAT: 'pretty' });
    const url = await usher.up();
    expect(usher.output.stdout).toContain(`usher is up: ${url}`);
    await fetch(`${url}/nowhere`);
    await usher.said(/^\[\d\d:\d\d:\d\d\] INFO: request \{.*"route":"unmatched".*\}$/m);
  });

  test('has no line of a request on request', async () => {
    const usher = run('main', { ACCESS_LOG: 'false' });
    const url = await usher.up();
    await fetch(`${url}/nowhere`);
    expect(await usher.stop('SIGTERM')).toBe(0);
    expect(usher.output.stderr).not.toContain('"msg":"request"');
  });
});
